package dev.sluice.control.audit;

import dev.sluice.control.change.Digest;
import dev.sluice.control.change.EventStore.Head;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The end of a log at one moment, signed: kept outside the store, it shows a log that was cut short
 * of it or written anew up to it, which the chain alone can't. Immutable.
 *
 * <pre>one line: sluice-checkpoint-1 SEQ HASH TIME SIGNATURE
 * signed: everything before the signature, with single blanks, as UTF-8; Ed25519 (RFC 8032); base64
 * </pre>
 *
 * @param signature base64, not yet known to be right
 */
public record Checkpoint(Head head, Instant time, String signature) {
    private static final String KIND = "sluice-checkpoint-1";
    private static final String ALGORITHM = "Ed25519";
    private static final int PARTS = 5;

    /**
     * Signs the end of a log.
     *
     * @throws GeneralSecurityException when the key is not one of Ed25519
     */
    public static Checkpoint sign(Head head, Instant time, PrivateKey key)
            throws GeneralSecurityException {
        Signature signer = Signature.getInstance(ALGORITHM);
        signer.initSign(key);
        signer.update(signed(head, time));
        return new Checkpoint(head, time, Base64.getEncoder().encodeToString(signer.sign()));
    }

    /** What a line says; empty when it is no checkpoint. */
    public static Optional<Checkpoint> parse(String line) {
        List<String> parts = List.of(line.strip().split(" "));
        if (parts.size() != PARTS || !parts.getFirst().equals(KIND)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Checkpoint(
                            new Head(Long.parseLong(parts.get(1)), new Digest(parts.get(2))),
                            Instant.parse(parts.get(3)),
                            parts.get(4)));
        } catch (IllegalArgumentException | DateTimeParseException notOne) {
            return Optional.empty();
        }
    }

    /** Whether the holder of the key's other half signed just this. */
    public boolean isSignedBy(PublicKey key) {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(signed(head, time));
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException wrong) {
            return false;
        }
    }

    /** As it stands in a file. */
    public String line() {
        return text(head, time) + " " + signature;
    }

    private static byte[] signed(Head head, Instant time) {
        return text(head, time).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Head head, Instant time) {
        return KIND + " " + head.seq() + " " + head.hash().hex() + " " + time;
    }
}
