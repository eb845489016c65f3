package dev.sluice.control.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Ed25519 keys in PEM files (RFC 7468). Stateless. */
public final class SigningKeys {
    private static final String ALGORITHM = "Ed25519";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";

    private SigningKeys() {}

    /** Writes a new pair; the private one is for its owner's eyes only. */
    public static void generate(Path privateFile, Path publicFile)
            throws IOException, GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        Files.createFile(
                privateFile,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(privateFile, pem(PRIVATE, pair.getPrivate().getEncoded()));
        Files.writeString(
                publicFile,
                pem(PUBLIC, pair.getPublic().getEncoded()),
                StandardOpenOption.CREATE_NEW);
    }

    /**
     * The private key of a file.
     *
     * @throws GeneralSecurityException when it holds none of this algorithm
     */
    public static PrivateKey readPrivate(Path file) throws IOException, GeneralSecurityException {
        return KeyFactory.getInstance(ALGORITHM)
                .generatePrivate(new PKCS8EncodedKeySpec(read(PRIVATE, file)));
    }

    /**
     * The public key of a file.
     *
     * @throws GeneralSecurityException when it holds none of this algorithm
     */
    public static PublicKey readPublic(Path file) throws IOException, GeneralSecurityException {
        return KeyFactory.getInstance(ALGORITHM)
                .generatePublic(new X509EncodedKeySpec(read(PUBLIC, file)));
    }

    private static String pem(String kind, byte[] encoded) {
        return begin(kind)
                + "\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n"
                + end(kind)
                + "\n";
    }

    private static byte[] read(String kind, Path file) throws IOException, InvalidKeyException {
        String text = Files.readString(file);
        int from = text.indexOf(begin(kind));
        int to = text.indexOf(end(kind));
        if (from < 0 || to < from) {
            throw new InvalidKeyException(
                    file + " has no " + kind + " (expected PEM); make one with audit keygen");
        }
        try {
            return Base64.getMimeDecoder().decode(text.substring(from + begin(kind).length(), to));
        } catch (IllegalArgumentException e) {
            throw new InvalidKeyException(file + ": " + e.getMessage(), e);
        }
    }

    private static String begin(String kind) {
        return "-----BEGIN " + kind + "-----";
    }

    private static String end(String kind) {
        return "-----END " + kind + "-----";
    }
}
