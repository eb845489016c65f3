package dev.sluice.control.boot;

import dev.sluice.contract.Problem;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Makes credentials of listeners, and of channels to other replicas. Stateless. */
final class Credentials {
    private static final long KEEP_ALIVE_SECONDS = 3;
    private static final int LARGEST_MESSAGE = 16 << 20;

    private Credentials() {}

    /**
     * @param ofClients whether clients must show a certificate, when there is an authority for them
     * @throws StartFailure when the files are no certificate and key
     */
    static ServerCredentials of(Optional<Tls> tls, TlsServerCredentials.ClientAuth ofClients) {
        if (tls.isEmpty()) {
            return InsecureServerCredentials.create();
        }
        Tls files = tls.get();
        try {
            var credentials =
                    TlsServerCredentials.newBuilder()
                            .keyManager(files.certificate().toFile(), files.key().toFile());
            if (files.clientCa().isPresent()) {
                credentials.trustManager(files.clientCa().get().toFile()).clientAuth(ofClients);
            }
            return credentials.build();
        } catch (IOException | IllegalArgumentException e) {
            throw new StartFailure(
                    new Problem(
                            files.certificate() + ", " + files.key(),
                            String.valueOf(e.getMessage()),
                            "a certificate chain and its private key, PEM",
                            "check both files"),
                    e);
        }
    }

    /**
     * Opens a channel to the admin API of another replica: with TLS when our own has it.
     *
     * @throws StartFailure when what it must lead to is no certificate
     */
    static ManagedChannel dial(String address, Settings settings) {
        try {
            return Grpc.newChannelBuilder(address, ofPeers(settings))
                    .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                    .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                    .maxInboundMessageSize(LARGEST_MESSAGE)
                    .build();
        } catch (IOException | IllegalArgumentException e) {
            throw new StartFailure(
                    new Problem(
                            "--replica-ca",
                            String.valueOf(e.getMessage()),
                            "certificates, PEM",
                            "check the file"),
                    e);
        }
    }

    private static ChannelCredentials ofPeers(Settings settings) throws IOException {
        if (settings.adminTls().isEmpty()) {
            return InsecureChannelCredentials.create();
        }
        var credentials = TlsChannelCredentials.newBuilder();
        Optional<Path> authority = settings.shared().flatMap(SharedStore::replicaCa);
        if (authority.isPresent()) {
            credentials.trustManager(authority.get().toFile());
        }
        return credentials.build();
    }
}
