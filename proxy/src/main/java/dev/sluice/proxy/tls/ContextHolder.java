package dev.sluice.proxy.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The TLS context that new connections get, replaced whole when its material changes. Connections
 * keep the one they began with. Thread-safe: replaced by the configuration thread, used by all
 * loops.
 */
final class ContextHolder {
    private record Held(TlsMaterial material, SslContext context) {}

    private volatile @Nullable Held held;

    /** Whether the context is made of this already. */
    boolean isOf(TlsMaterial material) {
        Held now = held;
        return now != null && now.material().equals(material);
    }

    /** Takes over the context and lets go of the one before. */
    void replace(TlsMaterial material, SslContext context) {
        Held before = held;
        held = new Held(material, context);
        if (before != null) {
            ReferenceCountUtil.release(before.context());
        }
    }

    /** Lets go of the context; there is none any more. */
    void release() {
        Held before = held;
        held = null;
        if (before != null) {
            ReferenceCountUtil.release(before.context());
        }
    }

    /** Works with the context; empty when there is none. */
    <T> Optional<T> with(Function<SslContext, T> work) {
        for (Held now = held; now != null; now = held) {
            try {
                ReferenceCountUtil.retain(now.context());
            } catch (IllegalReferenceCountException replacedMeanwhile) {
                continue;
            }
            try {
                return Optional.of(work.apply(now.context()));
            } finally {
                ReferenceCountUtil.release(now.context());
            }
        }
        return Optional.empty();
    }
}
