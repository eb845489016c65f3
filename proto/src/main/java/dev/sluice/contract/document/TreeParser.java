package dev.sluice.contract.document;

import dev.sluice.contract.document.Tree.Entry;
import dev.sluice.contract.document.Tree.Mapping;
import dev.sluice.contract.document.Tree.Scalar;
import dev.sluice.contract.document.Tree.Sequence;
import dev.sluice.contract.document.Tree.Style;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Turns the events of one YAML 1.2 document (so also JSON) into a {@link Tree}, within {@link
 * Limits}: an alias shares the tree of its anchor, and its cost is counted without unfolding it.
 * For one document and one thread.
 */
final class TreeParser {
    private static final Pattern INDENTATION = Pattern.compile("(?m)^[ \\t]+");

    private static final Set<String> STRING_TAGS = Set.of("!", "tag:yaml.org,2002:str");
    private static final Set<String> CORE_TAGS =
            Set.of(
                    "tag:yaml.org,2002:null",
                    "tag:yaml.org,2002:bool",
                    "tag:yaml.org,2002:int",
                    "tag:yaml.org,2002:float",
                    "tag:yaml.org,2002:seq",
                    "tag:yaml.org,2002:map");

    private final String source;
    private final Limits limits;
    private final Findings findings;
    private final Map<String, Tree> anchors = new HashMap<>();
    private final Set<String> openAnchors = new HashSet<>();

    TreeParser(String source, Limits limits, Findings findings) {
        this.source = source;
        this.limits = limits;
        this.findings = findings;
    }

    /** The document's tree; empty when it can't be read at all, which is then a finding. */
    Optional<Tree> parse(String text) {
        Place start = new Place(source, 1, 1);
        if (text.length() > limits.characters()) {
            findings.add(
                    "",
                    start,
                    text.length() + " characters",
                    "at most " + limits.characters() + " characters",
                    "split the document into smaller resources");
            return Optional.empty();
        }
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(source)
                        .setCodePointLimit(limits.characters())
                        .build();
        try {
            return document(new Parse(settings).parseString(spaced(text)).iterator(), start);
        } catch (Refused refused) {
            return Optional.empty();
        } catch (MarkedYamlEngineException malformed) {
            String context = malformed.getContext() == null ? "" : malformed.getContext() + ": ";
            findings.add(
                    "",
                    malformed.getProblemMark().map(this::place).orElse(start),
                    context + malformed.getProblem(),
                    "well-formed YAML or JSON",
                    "correct the document at this place");
        } catch (YamlEngineException unreadable) {
            findings.add(
                    "",
                    start,
                    String.valueOf(unreadable.getMessage()),
                    "well-formed YAML or JSON in printable Unicode",
                    "correct the document");
        }
        return Optional.empty();
    }

    /** JSON may be indented with tabs and YAML may not: there each becomes one blank. */
    private static String spaced(String text) {
        String start = text.stripLeading();
        boolean json = start.startsWith("{") || start.startsWith("[");
        return json && text.indexOf('\t') >= 0
                ? INDENTATION.matcher(text).replaceAll(m -> m.group().replace('\t', ' '))
                : text;
    }

    private Optional<Tree> document(Iterator<Event> events, Place start) throws Refused {
        Optional<Tree> root = Optional.empty();
        while (events.hasNext()) {
            Event event = events.next();
            if (!(event instanceof NodeEvent)) {
                continue;
            }
            if (root.isPresent()) {
                findings.add(
                        "",
                        place(event),
                        "a second document",
                        "one document",
                        "put it into a file of its own");
                return Optional.empty();
            }
            root = Optional.of(node(event, events, 1));
        }
        if (root.isEmpty()) {
            findings.add("", start, "an empty document", "a mapping", "write the configuration");
        }
        return root;
    }

    private Tree node(Event event, Iterator<Event> events, int depth) throws Refused {
        Tree tree =
                switch (event.getEventId()) {
                    case Scalar -> anchored((ScalarEvent) event, scalar((ScalarEvent) event));
                    case Alias -> alias((AliasEvent) event);
                    case SequenceStart, MappingStart ->
                            collection((CollectionStartEvent) event, events, depth);
                    case DocumentStart,
                            DocumentEnd,
                            StreamStart,
                            StreamEnd,
                            SequenceEnd,
                            MappingEnd,
                            Comment ->
                            throw new IllegalStateException("no node: " + event);
                };
        if (tree.size() > limits.nodes()) {
            throw refuse(
                    place(event),
                    tree.size() + " values after aliases are unfolded",
                    "at most " + limits.nodes(),
                    "use fewer aliases or split the document");
        }
        return tree;
    }

    private Scalar scalar(ScalarEvent event) {
        String tag = event.getTag().orElse("");
        checkTag(tag, event);
        boolean string = !event.isPlain() || STRING_TAGS.contains(tag);
        return new Scalar(place(event), event.getValue(), string ? Style.QUOTED : Style.PLAIN);
    }

    /** Types come from the message, so a tag may only repeat what the text is anyway. */
    private void checkTag(String tag, Event event) {
        if (!tag.isEmpty() && !STRING_TAGS.contains(tag) && !CORE_TAGS.contains(tag)) {
            findings.add(
                    "",
                    place(event),
                    "the tag " + Words.quote(tag),
                    "no tag, or one of YAML's core schema",
                    "remove the tag");
        }
    }

    private Tree collection(CollectionStartEvent event, Iterator<Event> events, int depth)
            throws Refused {
        if (depth > limits.depth()) {
            throw refuse(
                    place(event),
                    "more than " + limits.depth() + " levels",
                    "at most " + limits.depth() + " levels of nesting",
                    "nest less");
        }
        checkTag(event.getTag().orElse(""), event);
        event.getAnchor().ifPresent(anchor -> openAnchors.add(anchor.getValue()));
        Tree tree =
                event.getEventId() == Event.ID.SequenceStart
                        ? sequence(event, events, depth)
                        : mapping(event, events, depth);
        event.getAnchor().ifPresent(anchor -> openAnchors.remove(anchor.getValue()));
        return anchored(event, tree);
    }

    private Sequence sequence(Event start, Iterator<Event> events, int depth) throws Refused {
        List<Tree> items = new ArrayList<>();
        long size = 1;
        Event event = events.next();
        while (event.getEventId() != Event.ID.SequenceEnd) {
            Tree item = node(event, events, depth + 1);
            items.add(item);
            size += item.size();
            event = events.next();
        }
        return new Sequence(place(start), items, size);
    }

    private Mapping mapping(Event start, Iterator<Event> events, int depth) throws Refused {
        List<Entry> entries = new ArrayList<>();
        List<Scalar> repeated = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long size = 1;
        Event event = events.next();
        while (event.getEventId() != Event.ID.MappingEnd) {
            Tree key = node(event, events, depth + 1);
            Tree value = node(events.next(), events, depth + 1);
            size += value.size() + 1;
            if (!(key instanceof Scalar name)) {
                findings.add("", key.place(), key.shape(), "a name as key", "write a plain name");
            } else if (names.add(name.text())) {
                entries.add(new Entry(name, value));
            } else {
                repeated.add(name);
            }
            event = events.next();
        }
        return new Mapping(place(start), entries, repeated, size);
    }

    private Tree anchored(NodeEvent event, Tree tree) {
        event.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), tree));
        return tree;
    }

    private Tree alias(AliasEvent event) throws Refused {
        String name = event.getAlias().getValue();
        Tree tree = anchors.get(name);
        if (tree == null || openAnchors.contains(name)) {
            throw refuse(
                    place(event),
                    "alias *" + name,
                    "an alias of an anchor that ends before it",
                    "define &" + name + " earlier, outside of what contains it");
        }
        return tree;
    }

    private Refused refuse(Place place, String got, String expected, String remedy) {
        findings.add("", place, got, expected, remedy);
        return new Refused();
    }

    private Place place(Event event) {
        return event.getStartMark().map(this::place).orElseGet(() -> Place.whole(source));
    }

    private Place place(Mark mark) {
        return new Place(source, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** The rest of the document can't be read; why is a finding. */
    private static final class Refused extends Exception {
        Refused() {
            super(null, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        }
    }
}
