package dev.sluice.proxy.tls;

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

    SslProvider netty() {
        return switch (this) {
            case BORINGSSL -> SslProvider.OPENSSL_REFCNT;
            case JDK -> SslProvider.JDK;
        };
    }
}
