package dev.sluice.demo.stage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who does what in the shop, beside the admin: {@code ada} plans changes and moves keys, {@code
 * grace} of the database team approves, and {@code migrator} runs the jobs. Each has a token of
 * this act. Immutable.
 *
 * @param tokens by name
 */
public record People(Map<String, String> tokens) {
    private static final Map<String, String> RIGHTS =
            new TreeMap<>(
                    Map.of(
                            "ada", "roles: [operator]",
                            "grace", "roles: [approver], groups: [dba]",
                            "migrator", "roles: [operator]"));

    public People {
        tokens = Map.copyOf(tokens);
    }

    /** With fresh tokens. */
    static People hired() {
        SecureRandom random = new SecureRandom();
        Map<String, String> tokens = new TreeMap<>();
        for (String name : RIGHTS.keySet()) {
            byte[] token = new byte[32];
            random.nextBytes(token);
            tokens.put(name, HexFormat.of().formatHex(token));
        }
        return new People(tokens);
    }

    /** The token of one of them. */
    public String token(String name) {
        return tokens.getOrDefault(name, "");
    }

    /** Writes what the control plane reads, which holds no secret. */
    void write(Path file) throws IOException {
        StringBuilder users = new StringBuilder("users:\n");
        RIGHTS.forEach((name, rights) ->
                users.append(
                        "- {name: %s, token_sha256: %s, %s}\n"
                                .formatted(name, sha256(token(name) + "\n"), rights)));
        Files.writeString(file, users);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
