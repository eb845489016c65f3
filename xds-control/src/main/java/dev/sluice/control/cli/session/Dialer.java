package dev.sluice.control.cli.session;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/**
 * Opens connections to control planes; sends nothing in the clear beyond this machine. Immutable.
 */
public final class Dialer {
    private Dialer() {}

    public static ManagedChannel dial(Target target) {
        return Grpc.newChannelBuilder(target.address(), credentials(target)).build();
    }

    private static ChannelCredentials credentials(Target target) {
        if (target.trustedCa().isPresent()) {
            return tls(target.trustedCa().get(), target.proof());
        }
        if (!isLoopback(target.host())) {
            throw new Trouble(
                    ExitCode.INVALID,
                    "--server " + target.address(),
                    "an address of another machine without TLS",
                    "TLS, or a loopback address",
                    "give --ca FILE with the certificate authority of the control plane");
        }
        return InsecureChannelCredentials.create();
    }

    private static ChannelCredentials tls(Path ca, Target.Proof proof) {
        var credentials = TlsChannelCredentials.newBuilder();
        pem("--ca " + ca, () -> credentials.trustManager(ca.toFile()));
        if (proof instanceof Target.Proof.Certificate(Path chain, Path key)) {
            pem(
                    "--client-cert " + chain + ", --client-key " + key,
                    () -> credentials.keyManager(chain.toFile(), key.toFile()));
        }
        return credentials.build();
    }

    /** Reads files of PEM. */
    private interface Reading {
        void read() throws IOException;
    }

    private static void pem(String option, Reading reading) {
        try {
            reading.read();
        } catch (IOException | IllegalArgumentException e) {
            throw new Trouble(
                    ExitCode.INVALID,
                    option,
                    String.valueOf(e.getMessage()),
                    "a readable file of PEM",
                    "check the path and the file's content");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
