package dev.sluice.chaos.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a path, word by word; blanks between words mean nothing. For one thread. */
final class PathText {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*");
    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");
    private static final Pattern TEXT =
            Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)'", Pattern.DOTALL);

    private final String text;
    private int at;

    PathText(String text) {
        this.text = text;
    }

    /** The text is no path. */
    static final class NoPath extends Exception {
        private static final long serialVersionUID = 1;

        NoPath(PathText read) {
            super("at character " + read.at + " of " + read.text);
        }
    }

    NoPath wrong() {
        return new NoPath(this);
    }

    boolean atEnd() {
        blanks();
        return at == text.length();
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** Goes behind these characters when they come next. */
    boolean skips(String characters) {
        blanks();
        boolean next = text.startsWith(characters, at);
        if (next) {
            at += characters.length();
        }
        return next;
    }

    void expect(String characters) throws NoPath {
        if (!skips(characters)) {
            throw wrong();
        }
    }

    /** Goes behind this word when it comes next and no letter, digit or hyphen follows. */
    boolean skipsWord(String word) {
        int before = at;
        Optional<String> next = name();
        if (next.filter(word::equals).isPresent()) {
            return true;
        }
        at = before;
        return false;
    }

    Optional<String> name() {
        return next(NAME).map(Matcher::group);
    }

    /** A text in quotes, as it stands there: jsonpath2 resolves no escapes. */
    Optional<String> quoted() {
        return next(TEXT).map(found -> found.group(1) == null ? found.group(2) : found.group(1));
    }

    /** A whole number that an index can be; empty when none comes next. */
    OptionalInt index() throws NoPath {
        Optional<Matcher> number = next(NUMBER);
        if (number.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(number.get().group()));
        } catch (NumberFormatException noIndex) {
            throw wrong();
        }
    }

    private Optional<Matcher> next(Pattern pattern) {
        blanks();
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return Optional.empty();
        }
        at = matcher.end();
        return Optional.of(matcher);
    }

    /** A value as JSON writes it. */
    JsonNode value() throws NoPath {
        if (skips("[")) {
            return list();
        }
        if (skips("{")) {
            return object();
        }
        Optional<String> quoted = quoted();
        if (quoted.isPresent()) {
            return NODES.textNode(quoted.get());
        }
        Optional<Matcher> number = next(NUMBER);
        if (number.isPresent()) {
            return number(number.get());
        }
        return switch (name().orElse("")) {
            case "true" -> NODES.booleanNode(true);
            case "false" -> NODES.booleanNode(false);
            case "null" -> NODES.nullNode();
            default -> throw wrong();
        };
    }

    private static JsonNode number(Matcher number) {
        String text = number.group();
        return number.group(1) == null && number.group(2) == null
                ? NODES.numberNode(new BigInteger(text))
                : NODES.numberNode(Double.parseDouble(text));
    }

    private ArrayNode list() throws NoPath {
        ArrayNode list = NODES.arrayNode();
        while (!skips("]")) {
            if (!list.isEmpty()) {
                expect(",");
            }
            list.add(value());
        }
        return list;
    }

    private ObjectNode object() throws NoPath {
        ObjectNode object = NODES.objectNode();
        while (!skips("}")) {
            if (!object.isEmpty()) {
                expect(",");
            }
            String name = quoted().orElseThrow(this::wrong);
            expect(":");
            object.set(name, value());
        }
        return object;
    }
}
