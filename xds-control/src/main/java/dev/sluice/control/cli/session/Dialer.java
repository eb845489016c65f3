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
            return tls(target.trustedCa().get());
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

    private static ChannelCredentials tls(Path ca) {
        try {
            return TlsChannelCredentials.newBuilder().trustManager(ca.toFile()).build();
        } catch (IOException | IllegalArgumentException e) {
            throw new Trouble(
                    ExitCode.INVALID,
                    "--ca " + ca,
                    String.valueOf(e.getMessage()),
                    "a readable file of PEM certificates",
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
