package dev.sluice.control.admin.access;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * What proves that a caller may administer: a secret in a file of the state folder that only its
 * owner can read, made at the first start. Never printed. Immutable.
 */
public final class AdminToken {
    /** Name of the file in the state folder. */
    public static final String FILE = "admin.token";

    private static final int BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final byte[] secret;

    private AdminToken(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads the token of a state folder, or makes one there. */
    public static Parsed<AdminToken> of(Path stateFolder, SecureRandom random) {
        Path file = stateFolder.resolve(FILE);
        try {
            create(file, random);
            return read(file);
        } catch (IOException e) {
            return Parsed.refused(
                    new Problem(
                            file.toString(),
                            e.getClass().getSimpleName() + " " + e.getMessage(),
                            "a file that can be written once and read",
                            "check the state folder and its owner"));
        }
    }

    /** Whether a stated secret is this one; takes as long for every wrong one of its length. */
    boolean is(String stated) {
        return MessageDigest.isEqual(secret, stated.getBytes(StandardCharsets.UTF_8));
    }

    private static Parsed<AdminToken> read(Path file) throws IOException {
        if (isPosix() && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
            return Parsed.refused(
                    new Problem(
                            file.toString(),
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                            "rw------- or less",
                            "chmod 600 it, and delete it if others may have read it"));
        }
        String secret = Files.readString(file).strip();
        return secret.length() < BYTES
                ? Parsed.refused(
                        new Problem(
                                file.toString(),
                                secret.length() + " characters",
                                "at least " + BYTES,
                                "delete it, and the next start makes a new one"))
                : Parsed.ok(new AdminToken(secret));
    }

    /** Makes the file where there is none; it is private before the secret is in it. */
    private static void create(Path file, SecureRandom random) throws IOException {
        try {
            if (isPosix()) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } else {
                Files.createFile(file);
            }
        } catch (FileAlreadyExistsException e) {
            return;
        }
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        Files.writeString(
                file, Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n");
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    @Override
    public String toString() {
        return "AdminToken";
    }
}
