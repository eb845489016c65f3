package dev.sluice.proxy.resource.log;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.log.LogPart;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads texts with Envoy's command operators, such as {@code %REQ(X-REQUEST-ID):8%}; {@code %%} is
 * a percent sign. Stateless.
 */
public final class LogTemplates {
    /** Envoy's default for logs without a format. */
    static final String STANDARD =
            "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
                    + " %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
                    + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\""
                    + " \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\""
                    + " \"%UPSTREAM_HOST%\"\n";

    private static final Pattern OPERATOR =
            Pattern.compile("%([A-Z0-9_]+)(?:\\(([^)]*)\\))?(?::([0-9]+))?%");

    private LogTemplates() {}

    /** The parts; a part with a problem is left out. */
    public static List<LogPart> parse(String template, Spot at) {
        List<LogPart> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        Matcher operator = OPERATOR.matcher(template);
        int i = 0;
        while (i < template.length()) {
            char c = template.charAt(i);
            if (c != '%' || template.startsWith("%%", i)) {
                literal.append(c);
                i += c == '%' ? 2 : 1;
            } else if (operator.find(i) && operator.start() == i) {
                flush(literal, parts);
                LogOperators.parse(call(operator), at).ifPresent(parts::add);
                i = operator.end();
            } else {
                at.add(
                        Problem.quote(template.substring(i)),
                        "%OPERATOR%, %OPERATOR(argument)% or %OPERATOR(argument):length%",
                        "complete the operator, or write %% for a percent sign");
                return List.of();
            }
        }
        flush(literal, parts);
        return parts;
    }

    /** The parts of Envoy's default line. */
    static List<LogPart> standard() {
        return parse(STANDARD, Spot.root());
    }

    private static LogOperators.Call call(Matcher operator) {
        String length = operator.group(3);
        return new LogOperators.Call(
                operator.group(),
                operator.group(1),
                operator.group(2) == null ? "" : operator.group(2),
                length == null ? "" : length);
    }

    private static void flush(StringBuilder literal, List<LogPart> parts) {
        if (!literal.isEmpty()) {
            parts.add(new LogPart.Literal(literal.toString()));
            literal.setLength(0);
        }
    }
}
