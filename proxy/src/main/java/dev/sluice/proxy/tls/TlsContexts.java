package dev.sluice.proxy.tls;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import dev.sluice.proxy.snapshot.tls.SecretSpec;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The TLS contexts of all listeners and clusters in force. A context is made when its spec is first
 * used and anew when a secret that it uses changes; connections that are open keep theirs. Specs
 * that are equal share one context, and with it sessions. Thread-safe: changed by the configuration
 * thread, looked up by all.
 */
public final class TlsContexts implements AutoCloseable {
    private final ContextMaker maker;
    private final Map<DownstreamTlsSpec, ServerTls> servers = new ConcurrentHashMap<>();
    private final Map<UpstreamTlsSpec, ClientTls> clients = new ConcurrentHashMap<>();

    public TlsContexts(TlsProvider provider) {
        maker = new ContextMaker(provider);
    }

    /** TLS with clients by this spec. */
    public ServerTls server(DownstreamTlsSpec spec) {
        return servers.computeIfAbsent(spec, ServerTls::new);
    }

    /** TLS with endpoints by this spec. */
    public ClientTls client(UpstreamTlsSpec spec) {
        return clients.computeIfAbsent(spec, ClientTls::new);
    }

    /**
     * Makes the contexts that these specs need with these secrets, and replaces those whose secrets
     * changed.
     *
     * @return contexts that could not be made; what was there before stays
     */
    public List<Problem> prepare(
            Collection<DownstreamTlsSpec> downstream,
            Collection<UpstreamTlsSpec> upstream,
            Map<String, SecretSpec> secrets) {
        List<Problem> problems = new ArrayList<>();
        downstream.forEach(spec -> {
            ServerTls tls = server(spec);
            TlsMaterial.of(spec.common(), secrets)
                    .flatMap(material ->
                            replace(tls.holder(), material, () -> maker.server(spec, material)))
                    .ifPresent(problems::add);
        });
        upstream.forEach(spec -> {
            ClientTls tls = client(spec);
            TlsMaterial.of(spec.common(), secrets)
                    .flatMap(material ->
                            replace(tls.holder(), material, () -> maker.client(spec, material)))
                    .ifPresent(problems::add);
        });
        return problems;
    }

    /** Lets go of the contexts of all other specs; nobody may ask for them any more. */
    public void keepOnly(
            Collection<DownstreamTlsSpec> downstream, Collection<UpstreamTlsSpec> upstream) {
        servers.values().removeIf(tls -> released(downstream.contains(tls.spec()), tls.holder()));
        clients.values().removeIf(tls -> released(upstream.contains(tls.spec()), tls.holder()));
    }

    @Override
    public void close() {
        keepOnly(List.of(), List.of());
    }

    private static boolean released(boolean kept, ContextHolder holder) {
        if (!kept) {
            holder.release();
        }
        return !kept;
    }

    /** Makes one context. */
    private interface Making {
        SslContext make() throws GeneralSecurityException, IOException;
    }

    private static Optional<Problem> replace(
            ContextHolder holder, TlsMaterial material, Making making) {
        if (holder.isOf(material)) {
            return Optional.empty();
        }
        try {
            holder.replace(material, making.make());
            return Optional.empty();
        } catch (GeneralSecurityException | IOException | IllegalArgumentException failed) {
            return Optional.of(
                    new Problem(
                            "TLS context",
                            failed.getClass().getSimpleName() + ": " + failed.getMessage(),
                            "certificate, key and authorities that the TLS library takes",
                            "correct the certificate or the secret"));
        }
    }
}
