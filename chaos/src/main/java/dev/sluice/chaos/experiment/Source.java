package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML or JSON file as a tree of values that knows where each stood. Plain {@code yes}, {@code
 * no}, {@code on} and {@code off} are truth values, as the Chaos Toolkit reads them. Immutable once
 * read.
 */
public final class Source {
    /** Of values that stand in no file. */
    static final Source NONE = new Source("");

    private static final int LONGEST = 1 << 20;
    private static final int DEEPEST = 100;
    private static final Set<String> TRUE = Set.of("yes", "on");
    private static final Set<String> FALSE = Set.of("no", "off");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String file;
    private final Map<String, String> places = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private Source(String file) {
        this.file = file;
    }

    /** The tree, with its places. */
    record Read(Source source, JsonNode root) {}

    static Parsed<Read> read(String text, String file) {
        Source source = new Source(file);
        if (text.length() > LONGEST) {
            return Parsed.refused(
                    new Problem(
                            file,
                            text.length() + " characters",
                            "at most " + LONGEST,
                            "split the experiment"));
        }
        LoadSettings settings =
                LoadSettings.builder().setLabel(file).setAllowDuplicateKeys(true).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                return Parsed.refused(
                        new Problem(file, "an empty file", "an experiment", "write one"));
            }
            JsonNode tree = source.value(root.get(), "", 1);
            return source.problems.isEmpty()
                    ? Parsed.ok(new Read(source, tree))
                    : new Parsed.Refused<>(source.problems);
        } catch (MarkedYamlEngineException malformed) {
            String place = malformed.getProblemMark().map(source::place).orElse(file);
            return Parsed.refused(malformed(place, String.valueOf(malformed.getProblem())));
        } catch (YamlEngineException unreadable) {
            return Parsed.refused(malformed(file, String.valueOf(unreadable.getMessage())));
        } catch (StackOverflowError tooDeep) {
            return Parsed.refused(malformed(file, "more levels than can be read"));
        }
    }

    private static Problem malformed(String place, String what) {
        return new Problem(place, what, "well-formed YAML or JSON", "correct the file there");
    }

    /** Where a path such as {@code method[0].provider} stands, or what is around it. */
    public String place(String path) {
        String at = path;
        while (!places.containsKey(at) && !at.isEmpty()) {
            at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
        }
        return places.getOrDefault(at, file) + (path.isEmpty() ? "" : " " + path);
    }

    private String place(Mark mark) {
        return file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }

    private JsonNode value(Node node, String path, int depth) {
        node.getStartMark().ifPresent(mark -> places.put(path, place(mark)));
        if (depth > DEEPEST) {
            problems.add(malformed(place(path), "more than " + DEEPEST + " levels"));
            return NODES.nullNode();
        }
        return switch (node) {
            case MappingNode mapping -> object(mapping, path, depth);
            case SequenceNode sequence -> array(sequence, path, depth);
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new IllegalStateException("no value: " + node);
        };
    }

    private ObjectNode object(MappingNode mapping, String path, int depth) {
        ObjectNode object = NODES.objectNode();
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                String below = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
                if (object.has(key.getValue())) {
                    problems.add(
                            new Problem(
                                    key.getStartMark().map(this::place).orElse(file) + " " + below,
                                    "a second '" + key.getValue() + "'",
                                    "each name once",
                                    "remove one of them"));
                }
                object.set(key.getValue(), value(tuple.getValueNode(), below, depth + 1));
            } else {
                problems.add(malformed(place(path), "a name that is no text"));
            }
        }
        return object;
    }

    private ArrayNode array(SequenceNode sequence, String path, int depth) {
        ArrayNode array = NODES.arrayNode();
        int index = 0;
        for (Node item : sequence.getValue()) {
            array.add(value(item, path + "[" + index++ + "]", depth + 1));
        }
        return array;
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return NODES.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return NODES.booleanNode(text.equalsIgnoreCase("true"));
        }
        if (tag.equals(Tag.INT)) {
            BigInteger number = new BigInteger(text);
            return number.bitLength() < Long.SIZE
                    ? NODES.numberNode(number.longValue())
                    : NODES.numberNode(number);
        }
        if (tag.equals(Tag.FLOAT)) {
            return number(text);
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (scalar.isPlain() && (TRUE.contains(lower) || FALSE.contains(lower))) {
            return NODES.booleanNode(TRUE.contains(lower));
        }
        return NODES.textNode(text);
    }

    /** Infinity and not-a-number have no JSON: they stay texts. */
    private static JsonNode number(String text) {
        try {
            return NODES.numberNode(new BigDecimal(text));
        } catch (NumberFormatException noDecimal) {
            return NODES.textNode(text);
        }
    }
}
