package dev.sluice.proxy.admin;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;

/** The secret that guards admin pages which harm traffic. Immutable; never shown. */
public final class AdminToken {
    private static final String SCHEME = "bearer ";
    private static final int SHORTEST = 16;
    private static final int LONGEST = 4096;

    private final byte[] secret;

    private AdminToken(byte[] secret) {
        this.secret = secret;
    }

    /** Reads a token from a file; blanks and line ends around it do not count. */
    public static Parsed<AdminToken> read(Path file) {
        String text;
        try {
            text = Files.readString(file).strip();
        } catch (IOException e) {
            return Parsed.refused(
                    new Problem(
                            "--admin-token",
                            e.toString(),
                            "a file that holds the token",
                            "name a readable file"));
        }
        boolean visible = text.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (text.length() < SHORTEST || text.length() > LONGEST || !visible) {
            return Parsed.refused(
                    new Problem(
                            "--admin-token",
                            text.length() + " characters in " + Problem.quote(file.toString()),
                            SHORTEST + ".." + LONGEST + " visible ASCII characters, no blanks",
                            "write another token into the file"));
        }
        return Parsed.ok(new AdminToken(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Whether this is the value of an {@code authorization} header that shows the token. */
    boolean isShownBy(Optional<String> authorization) {
        String value = authorization.orElse("");
        boolean bearer = value.toLowerCase(Locale.ROOT).startsWith(SCHEME);
        byte[] shown =
                (bearer ? value.substring(SCHEME.length()).strip() : "")
                        .getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(secret, shown);
    }

    /**
     * The answer to who may not see pages about faults; empty: they may.
     *
     * @param token of this process; empty: it has none, and nobody may
     */
    static Optional<AdminAnswer> refusal(Optional<AdminToken> token, AdminRequest request) {
        if (token.isEmpty()) {
            return Optional.of(
                    AdminAnswer.text(
                            403,
                            "faults need a token, and this process has none; start it with"
                                    + " --admin-token FILE\n"));
        }
        if (!token.get().isShownBy(request.authorization())) {
            return Optional.of(
                    AdminAnswer.text(
                                    401,
                                    "no token or a wrong one (expected: authorization: Bearer"
                                            + " TOKEN); send the one in the file of"
                                            + " --admin-token\n")
                            .asking("Bearer realm=\"sluice admin\""));
        }
        return Optional.empty();
    }
}
