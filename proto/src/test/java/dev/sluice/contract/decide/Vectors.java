package dev.sluice.contract.decide;

import dev.sluice.contract.match.PlainRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the published vectors. */
final class Vectors {
    private static final Pattern ESCAPE = Pattern.compile("\\\\x([0-9a-f]{2})");

    private Vectors() {}

    /** The rows of a file, without its comment. */
    static List<String[]> read(String file) {
        String path = "/sluice/gate-vectors/" + file;
        try (InputStream in = Vectors.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new AssertionError("no resource " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** {@code GET target} with {@code name: value} lines, separated by |. */
    static PlainRequest request(String target, String headers) {
        PlainRequest request = PlainRequest.NOTHING.withLine("GET", bytes(target));
        for (String line : headers.equals("-") ? new String[0] : headers.split("\\|")) {
            int colon = line.indexOf(": ");
            request =
                    request.withHeader(line.substring(0, colon), bytes(line.substring(colon + 2)));
        }
        return request;
    }

    static byte[] hex(String hex) {
        return hex.equals("-") ? new byte[0] : HexFormat.of().parseHex(hex);
    }

    private static String bytes(String escaped) {
        return ESCAPE.matcher(escaped)
                .replaceAll(found -> {
                    char c = (char) HexFormat.fromHexDigits(found.group(1));
                    return c == '\\' || c == '$' ? "\\" + c : String.valueOf(c);
                });
    }
}
