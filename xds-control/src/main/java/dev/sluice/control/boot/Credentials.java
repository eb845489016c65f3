package dev.sluice.control.boot;

import dev.sluice.contract.Problem;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.util.Optional;

/** Makes credentials of listeners. Stateless. */
final class Credentials {
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
}
