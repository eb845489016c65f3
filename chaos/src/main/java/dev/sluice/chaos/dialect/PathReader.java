package dev.sluice.chaos.dialect;

import dev.sluice.chaos.dialect.Condition.Comparison;
import dev.sluice.chaos.dialect.Condition.Operand;
import dev.sluice.chaos.dialect.PathText.NoPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads paths. For the one thread that reads. */
final class PathReader {
    /** Those that begin like others come first. */
    private static final Map<String, Comparison> COMPARISONS = comparisons();

    private final PathText text;

    private PathReader(PathText text) {
        this.text = text;
    }

    private static Map<String, Comparison> comparisons() {
        Map<String, Comparison> words = new LinkedHashMap<>();
        words.put("==", Comparison.EQUAL);
        words.put("=", Comparison.EQUAL);
        words.put("!=", Comparison.NOT_EQUAL);
        words.put("<=", Comparison.AT_MOST);
        words.put("<", Comparison.BELOW);
        words.put(">=", Comparison.AT_LEAST);
        words.put(">", Comparison.ABOVE);
        return words;
    }

    /** The path; empty when the text is none. */
    static Optional<Route> read(String text) {
        PathReader reader = new PathReader(new PathText(text));
        try {
            reader.text.expect("$");
            Route route = new Route(Route.Start.DOCUMENT, reader.steps());
            return reader.text.atEnd() ? Optional.of(route) : Optional.empty();
        } catch (NoPath none) {
            return Optional.empty();
        }
    }

    private List<Step> steps() throws NoPath {
        List<Step> steps = new ArrayList<>();
        while (true) {
            if (text.skips("..")) {
                steps.add(Step.deep(text.skips("[") ? brackets() : word()));
            } else if (text.skips(".")) {
                steps.add(word());
            } else if (text.skips("[")) {
                steps.add(brackets());
            } else {
                return steps;
            }
        }
    }

    /** What stands behind a point. */
    private Step word() throws NoPath {
        if (text.skips("*")) {
            return Step.all();
        }
        String name = text.name().orElseThrow(text::wrong);
        return text.skips("(") ? call(name) : Step.member(name);
    }

    private Step brackets() throws NoPath {
        List<Step> steps = new ArrayList<>();
        do {
            steps.add(bracketed());
        } while (text.skips(","));
        text.expect("]");
        return Step.each(steps);
    }

    private Step bracketed() throws NoPath {
        if (text.skips("*")) {
            return Step.all();
        }
        if (text.skips("?")) {
            return Step.when(all());
        }
        Optional<Route> route = route();
        if (route.isPresent()) {
            return Step.named(route.get());
        }
        Optional<String> quoted = text.quoted();
        if (quoted.isPresent()) {
            return Step.member(quoted.get());
        }
        Optional<String> name = text.name();
        if (name.isPresent()) {
            text.expect("(");
            return call(name.get());
        }
        return elements();
    }

    private Step elements() throws NoPath {
        OptionalInt first = text.index();
        if (!text.skips(":")) {
            return Step.element(first.orElseThrow(text::wrong));
        }
        OptionalInt end = text.index();
        OptionalInt stride = text.skips(":") ? text.index() : OptionalInt.empty();
        if (stride.isPresent() && stride.getAsInt() == 0) {
            throw text.wrong();
        }
        return new Slice(first, end, stride.orElse(1));
    }

    /** A function, behind the bracket that opens its arguments. */
    private Step call(String name) throws NoPath {
        PathFunction function = PathFunction.named(name).orElseThrow(text::wrong);
        List<Operand> arguments = new ArrayList<>();
        while (!text.skips(")")) {
            if (!arguments.isEmpty()) {
                text.expect(",");
            }
            arguments.add(operand());
        }
        return function.with(arguments);
    }

    /** All of them hold; as in jsonpath2, {@code or} binds its neighbours before {@code and}. */
    private Condition all() throws NoPath {
        Condition condition = any();
        return text.skipsWord("and") ? condition.and(all()) : condition;
    }

    private Condition any() throws NoPath {
        Condition condition = one();
        return text.skipsWord("or") ? condition.or(any()) : condition;
    }

    private Condition one() throws NoPath {
        if (text.skipsWord("not")) {
            return one().not();
        }
        if (text.skips("(")) {
            Condition condition = all();
            text.expect(")");
            return condition;
        }
        Operand left = operand();
        for (Map.Entry<String, Comparison> word : COMPARISONS.entrySet()) {
            if (text.skips(word.getKey())) {
                return Condition.compared(left, word.getValue(), operand());
            }
        }
        return Condition.some(left);
    }

    private Operand operand() throws NoPath {
        Optional<Route> route = route();
        return route.isPresent() ? new Operand.At(route.get()) : new Operand.Literal(text.value());
    }

    /** A path inside a path. */
    private Optional<Route> route() throws NoPath {
        if (text.skips("@")) {
            return Optional.of(new Route(Route.Start.HERE, steps()));
        }
        return text.skips("$")
                ? Optional.of(new Route(Route.Start.DOCUMENT, steps()))
                : Optional.empty();
    }
}
