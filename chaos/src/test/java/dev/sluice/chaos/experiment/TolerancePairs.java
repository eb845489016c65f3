package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Tolerances of all kinds but probes, each with a value that it is asked about: the same ones for
 * the same seed, whatever is decided of them. Many values have to do with their tolerance. For one
 * thread.
 */
final class TolerancePairs {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> NAMES = List.of("a", "b", "status", "body", "stdout");
    private static final List<Long> WHOLE =
            List.of(-1L, 0L, 1L, 2L, 3L, 5L, 200L, 404L, 503L, 9_007_199_254_740_993L);
    private static final List<Double> PARTS =
            List.of(-0.5, 0.0, 0.1, 0.5, 1.0, 1.5, 2.5, 200.0, 1e3, 1e17);
    private static final List<String> TEXTS =
            List.of(
                    "",
                    "ok",
                    "ok\n",
                    "up",
                    "down",
                    "a\nb",
                    "A1",
                    "1",
                    "0.1",
                    " 2 ",
                    "1_0",
                    "2e0",
                    "nan",
                    "true",
                    "null",
                    "200",
                    "éa",
                    "٣",
                    "\uD834\uDD1E",
                    "x[1]{2}",
                    "{\"a\": [1, 2.0], \"b\": \"ok\"}",
                    "[1, {\"a\": true}]",
                    "{\"a\":",
                    "1 2");
    private static final List<String> PATTERNS =
            List.of(
                    "ok",
                    "^ok$",
                    "ok\\Z",
                    "^$",
                    "o.",
                    "a.b",
                    "(?s)a.b",
                    "\\d",
                    "^\\d+$",
                    "\\w{2}",
                    "(?P<first_one>o)k",
                    "(?P<x>.)(?P=x)",
                    "u{,1}p",
                    "{\"a\"",
                    "[[1]",
                    "[a&&b]",
                    "[]1]",
                    "[^]a]",
                    "(?i)OK",
                    "^(up|down)$",
                    "\\s",
                    "\\.",
                    "é",
                    "2{1,3}",
                    "x?",
                    "[\\w.]+$",
                    "}",
                    "{}",
                    "\\bok\\b",
                    "(?m)^b");
    private static final List<String> FUNCTIONS =
            List.of(
                    "length()",
                    "keys()",
                    "values()",
                    "entries()",
                    "charAt(0)",
                    "charAt(-1)",
                    "substring(1)",
                    "substring(0, -1)",
                    "charAt(@.a)",
                    "length(1)");
    private static final List<String> SIGNS = List.of("=", "!=", "<", "<=", ">", ">=");

    /** To read a path takes the Chaos Toolkit some milliseconds. */
    private static final int PATHS = 500;

    private final SplittableRandom random;
    private final List<String> paths = new ArrayList<>();

    /** A question. */
    record Pair(JsonNode tolerance, JsonNode value) {
        String line() {
            return NODES.objectNode()
                    .<ObjectNode>set("tolerance", tolerance)
                    .set("value", value)
                    .toString();
        }
    }

    TolerancePairs(long seed) {
        this.random = new SplittableRandom(seed);
        for (int i = 0; i < PATHS; i++) {
            paths.add("$" + steps(random.nextInt(5)));
        }
    }

    List<Pair> next(int count) {
        List<Pair> pairs = new ArrayList<>();
        while (pairs.size() < count) {
            pairs.add(next());
        }
        return pairs;
    }

    private Pair next() {
        return switch (random.nextInt(8)) {
            case 0 -> equal();
            case 1 -> listed();
            case 2, 3 -> regex();
            case 4 -> range();
            default -> atPath();
        };
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private boolean once(int in) {
        return random.nextInt(in) == 0;
    }

    private JsonNode whole() {
        return NODES.numberNode(pick(WHOLE));
    }

    private JsonNode number() {
        return once(2) ? whole() : NODES.numberNode(pick(PARTS));
    }

    private JsonNode scalar() {
        return switch (random.nextInt(6)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(once(2));
            case 2, 3 -> number();
            default -> NODES.textNode(pick(TEXTS));
        };
    }

    private JsonNode value(int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(5)) {
            case 1 -> list(random.nextInt(4), () -> value(depth - 1));
            case 2, 3 -> object(depth - 1);
            case 4 -> answer(depth - 1);
            default -> scalar();
        };
    }

    private ArrayNode list(int size, Supplier<JsonNode> element) {
        ArrayNode list = NODES.arrayNode();
        for (int i = 0; i < size; i++) {
            list.add(element.get());
        }
        return list;
    }

    private ObjectNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            object.set(pick(NAMES), value(depth));
        }
        return object;
    }

    /** As programs and servers answer. */
    private ObjectNode answer(int depth) {
        ObjectNode answer = NODES.objectNode();
        answer.set("status", whole());
        answer.set(
                once(2) ? "stdout" : "body", once(2) ? NODES.textNode(pick(TEXTS)) : value(depth));
        return answer;
    }

    /** The value itself, in an answer, or another one. */
    private JsonNode near(JsonNode value) {
        return switch (random.nextInt(4)) {
            case 0 -> value;
            case 1 -> answer(1).set("status", value);
            case 2 -> scalar();
            default -> value(2);
        };
    }

    private Pair equal() {
        JsonNode wanted =
                switch (random.nextInt(3)) {
                    case 0 -> NODES.booleanNode(once(2));
                    case 1 -> whole();
                    default -> NODES.textNode(pick(TEXTS));
                };
        return new Pair(wanted, near(wanted));
    }

    private Pair listed() {
        ArrayNode wanted =
                switch (random.nextInt(3)) {
                    case 0 -> list(2, this::number);
                    case 1 -> list(2, () -> value(1));
                    default -> list(1 + random.nextInt(4), () -> value(1));
                };
        return new Pair(wanted, near(once(2) ? wanted.get(0) : number()));
    }

    /** A tolerance of this type, half of them with a target. */
    private ObjectNode typed(String type) {
        ObjectNode typed = NODES.objectNode().put("type", type);
        if (once(2)) {
            typed.put("target", pick(NAMES));
        }
        return typed;
    }

    private Pair regex() {
        ObjectNode wanted = typed("regex");
        String pattern = pick(PATTERNS);
        // Flags stand in front, names of groups once.
        wanted.put(
                "pattern",
                once(4) && !pattern.contains("(?") ? pick(PATTERNS) + "|" + pattern : pattern);
        return new Pair(wanted, asked(wanted, NODES.textNode(pick(TEXTS))));
    }

    /** The value where the tolerance looks, most of the time. */
    private JsonNode asked(ObjectNode wanted, JsonNode value) {
        if (once(6)) {
            return value(2);
        }
        String target = wanted.path("target").asText();
        return target.isEmpty() ? value : answer(1).set(target, value);
    }

    private Pair range() {
        ObjectNode wanted = typed("range");
        JsonNode one = number();
        JsonNode other = number();
        boolean inOrder = one.decimalValue().compareTo(other.decimalValue()) <= 0;
        wanted.putArray("range").add(inOrder ? one : other).add(inOrder ? other : one);
        return new Pair(wanted, asked(wanted, scalar()));
    }

    private Pair atPath() {
        ObjectNode wanted = typed("jsonpath");
        JsonNode value = value(3);
        JsonNode searched = once(8) ? NODES.textNode(value.toString()) : value;
        String path = pick(paths);
        List<JsonNode> parts = new ArrayList<>(List.of(value));
        parts(value, parts);
        wanted.put("path", path);
        switch (random.nextInt(5)) {
            case 0 -> wanted.put("count", random.nextInt(4));
            case 1 -> wanted.set("expect", list(random.nextInt(3), () -> value(1)));
            case 2 -> wanted.set("expect", list(random.nextInt(3), () -> pick(parts)));
            case 3 -> wanted.set("expect", pick(parts));
            default -> {}
        }
        return new Pair(wanted, asked(wanted, searched));
    }

    private static void parts(JsonNode value, List<JsonNode> parts) {
        for (JsonNode part : value) {
            parts.add(part);
            parts(part, parts);
        }
    }

    private String steps(int count) {
        StringBuilder steps = new StringBuilder();
        for (int i = 0; i < count; i++) {
            steps.append(step());
        }
        return steps.toString();
    }

    private int index() {
        return random.nextInt(-3, 4);
    }

    private String step() {
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> "." + pick(NAMES);
            case 3 -> "[*]";
            case 4 -> ".*";
            case 5 -> ".." + pick(NAMES);
            case 6 -> once(3) ? "..*" : "..[" + index() + "]";
            case 7 -> "." + pick(FUNCTIONS);
            case 8, 9, 10 -> "[?(" + condition(2) + ")]";
            default -> "[" + bracketed() + (once(4) ? ", " + bracketed() : "") + "]";
        };
    }

    private String bracketed() {
        return switch (random.nextInt(8)) {
            case 0 -> "\"" + pick(NAMES) + "\"";
            case 1 -> "*";
            case 2 -> slice();
            case 3 -> "@." + pick(NAMES);
            case 4 -> pick(FUNCTIONS);
            case 5 -> "?(" + condition(1) + ")";
            default -> "" + index();
        };
    }

    private String slice() {
        String ends = (once(2) ? index() : "") + ":" + (once(2) ? index() : "");
        int stride = random.nextInt(1, 3) * (once(2) ? 1 : -1);
        return once(3) ? ends + ":" + stride : ends;
    }

    private String condition(int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(6)) {
            case 1 -> "not " + condition(depth - 1);
            case 2 -> condition(depth - 1) + " and " + condition(depth - 1);
            case 3 -> condition(depth - 1) + " or " + condition(depth - 1);
            case 4 -> "(" + condition(depth - 1) + ")";
            default -> once(3) ? operand() : operand() + " " + pick(SIGNS) + " " + operand();
        };
    }

    private String operand() {
        return switch (random.nextInt(8)) {
            case 0 -> "\"" + pick(List.of("ok", "up", "")) + "\"";
            case 1, 2 -> number().toString();
            case 3 -> pick(List.of("true", "false", "null", "[]", "[1, \"ok\"]", "{\"a\": 1}"));
            case 4 -> "@";
            case 5 -> "$." + pick(NAMES);
            default -> "@" + (once(3) ? "[*]" : "") + "." + pick(NAMES);
        };
    }
}
