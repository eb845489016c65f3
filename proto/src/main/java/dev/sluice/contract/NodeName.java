package dev.sluice.contract;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Name of a node: {@code nodes/{node}}, where {node} is the xDS node id with every byte of its
 * UTF-8 outside {@code [A-Za-z0-9._-]} as {@code ~XX} in upper-case hex. One id has one name.
 * Immutable.
 *
 * @param nodeId the xDS node id as the node says it, 1..256 bytes of UTF-8
 */
public record NodeName(String nodeId) implements Comparable<NodeName> {
    private static final String COLLECTION = "nodes/";
    private static final int LONGEST = 256;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /**
     * @throws IllegalArgumentException when the id is empty, over 256 bytes or no Unicode text
     */
    public NodeName {
        if (!isValid(nodeId)) {
            throw new IllegalArgumentException(
                    "node id " + Problem.quote(nodeId) + " (expected 1..256 bytes of UTF-8)");
        }
    }

    /** The name of the node with this xDS id; refused when it is empty or over 256 bytes. */
    public static Parsed<NodeName> ofId(String nodeId) {
        return isValid(nodeId)
                ? Parsed.ok(new NodeName(nodeId))
                : Parsed.refused(
                        new Problem(
                                "node.id",
                                Problem.quote(nodeId),
                                "1..256 bytes of UTF-8",
                                "give the node an id in its bootstrap"));
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<NodeName> parse(String name) {
        Problems problems = Problems.root();
        Optional<NodeName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<NodeName> parse(String name, Problems at) {
        if (name.startsWith(COLLECTION)) {
            Optional<NodeName> parsed =
                    unescape(name.substring(COLLECTION.length()))
                            .filter(NodeName::isValid)
                            .map(NodeName::new)
                            .filter(node -> node.name().equals(name));
            if (parsed.isPresent()) {
                return parsed;
            }
        }
        at.add(
                Problem.quote(name),
                "nodes/{node}, {node} of A-Z, a-z, 0-9, '.', '_', '-' and ~XX for every other byte",
                "take the name from `node list`");
        return Optional.empty();
    }

    /** The last segment of the name: the id, escaped. */
    public String id() {
        StringBuilder escaped = new StringBuilder(nodeId.length());
        for (byte b : nodeId.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(b)) {
                escaped.append((char) b);
            } else {
                escaped.append('~').append(HEX.toHexDigits(b));
            }
        }
        return escaped.toString();
    }

    /** The full resource name. */
    public String name() {
        return COLLECTION + id();
    }

    @Override
    public int compareTo(NodeName other) {
        return nodeId.compareTo(other.nodeId);
    }

    @Override
    public String toString() {
        return name();
    }

    /** Counts bytes without writing any: every report of a sidecar names its node. */
    private static boolean isValid(String nodeId) {
        int bytes = 0;
        for (int at = 0; at < nodeId.length() && bytes <= LONGEST; ) {
            int point = nodeId.codePointAt(at);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                return false; // half of a pair
            }
            bytes += bytes(point);
            at += Character.charCount(point);
        }
        return bytes >= 1 && bytes <= LONGEST;
    }

    /** Of a code point in UTF-8. */
    private static int bytes(int point) {
        if (point < 0x80) {
            return 1;
        }
        if (point < 0x800) {
            return 2;
        }
        return point < Character.MIN_SUPPLEMENTARY_CODE_POINT ? 3 : 4;
    }

    private static Optional<String> unescape(String escaped) {
        ByteBuffer bytes = ByteBuffer.allocate(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c != '~') {
                if (c > 0x7f) {
                    return Optional.empty();
                }
                bytes.put((byte) c);
            } else if (i + 2 < escaped.length()
                    && HexFormat.isHexDigit(escaped.charAt(i + 1))
                    && HexFormat.isHexDigit(escaped.charAt(i + 2))) {
                bytes.put((byte) HexFormat.fromHexDigits(escaped, i + 1, i + 3));
                i += 2;
            } else {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    private static boolean isPlain(byte b) {
        return (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z')
                || (b >= '0' && b <= '9')
                || b == '.'
                || b == '_'
                || b == '-';
    }
}
