package dev.sluice.proxy.resource.header;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.log.LogTemplates;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.header.HeaderValue;
import dev.sluice.proxy.snapshot.log.LogMetadata;
import dev.sluice.proxy.snapshot.log.LogPart;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads values of headers with the command operators of access logs, of which a few are refused: a
 * header is written while the exchange lasts, and holds one text on one line. Stateless.
 */
final class HeaderValueParser {
    private static final Set<String> KNOWN_AT_THE_END = Set.of("result", "fallback");

    /** {@code %n} among conversions of {@code strftime}. */
    private static final Pattern NEW_LINE = Pattern.compile("(?:[^%]|%[^n])*+%n.*", Pattern.DOTALL);

    private HeaderValueParser() {}

    /** Empty after a problem. */
    static Optional<HeaderValue> parse(String value, Spot at) {
        int before = at.problems().count();
        List<LogPart> parts =
                Values.headerValue(value, at)
                        .map(text -> LogTemplates.parse(text, at))
                        .orElse(List.of());
        parts.forEach(part -> check(part, at));
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(HeaderValue.of(parts));
    }

    /** The same where no command operator is taken. */
    static Optional<HeaderValue> literal(String value, Spot at) {
        return parse(value, at)
                .filter(read -> {
                    boolean literal = read instanceof HeaderValue.Literal;
                    if (!literal) {
                        at.add(
                                Problem.quote(value),
                                "a literal text",
                                "write %% for a percent sign; command operators are not"
                                        + " supported here");
                    }
                    return literal;
                });
    }

    private static void check(LogPart part, Spot at) {
        if (part instanceof LogPart.Metadata metadata) {
            metadata(metadata, at);
        } else if (part instanceof LogPart.Start(var pattern)
                && NEW_LINE.matcher(pattern.text()).matches()) {
            at.add("%n in " + Problem.quote(pattern.text()), "a time on one line", "remove %n");
        }
    }

    private static void metadata(LogPart.Metadata part, Spot at) {
        if (part.key().isEmpty()) {
            at.add(
                    "all of " + part.namespace(),
                    "one key of it",
                    "write %DYNAMIC_METADATA(" + part.namespace() + ":KEY)%");
        } else if (part.namespace().equals(LogMetadata.GATE)
                && KNOWN_AT_THE_END.contains(part.key().get())) {
            at.add(
                    part.namespace() + ":" + part.key().get(),
                    "what is known before the exchange is over",
                    "show it in an access log, or set explain in the route's gate");
        }
    }
}
