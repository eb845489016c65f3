package dev.sluice.proxy.tls;

import dev.sluice.proxy.snapshot.tls.TlsSpec;
import dev.sluice.proxy.snapshot.tls.TlsVersion;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Whose TLS is used. */
public enum TlsProvider {
    /** BoringSSL through Netty's native library. */
    BORINGSSL,
    /**
     * The JDK's own: the degraded mode {@code tls-jdk}, entered where the native library does not
     * load. The same answers at several times the CPU.
     */
    JDK;

    private static final System.Logger LOG = System.getLogger(TlsProvider.class.getName());

    /** BoringSSL where it loads; where not, the log says so and why. */
    public static TlsProvider best() {
        if (OpenSsl.isAvailable()) {
            return BORINGSSL;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "degraded mode tls-jdk: BoringSSL does not load, TLS is the JDK's and costs more"
                        + " CPU: {0}",
                String.valueOf(OpenSsl.unavailabilityCause()));
        return JDK;
    }

    /**
     * Whose TLS connections of this spec have: Netty's engine of BoringSSL answers {@code
     * close_notify} by closing the other half too, so that bytes have the JDK's where that leaves
     * it open.
     */
    TlsProvider carrying(TlsSpec spec) {
        return switch (spec.carried()) {
            case MESSAGES -> this;
            case BYTES -> spec.parameters().most() == TlsVersion.TLS_1_3 ? JDK : this;
        };
    }

    SslProvider netty() {
        return switch (this) {
            case BORINGSSL -> SslProvider.OPENSSL_REFCNT;
            case JDK -> SslProvider.JDK;
        };
    }
}
