package dev.sluice.proxy.resource.log;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.log.LogFact;
import dev.sluice.proxy.snapshot.log.LogPart;
import dev.sluice.proxy.snapshot.log.LogPart.Block;
import dev.sluice.proxy.snapshot.log.LogPart.View;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the command operators that show what stands in heads and trailers. Stateless. */
final class HeadLogOperators {
    private static final String FIELD = "a header name, or two with ? between";
    private static final Pattern NAME = Pattern.compile(":?[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final String ORIGINAL = "x-envoy-original-path";
    private static final String ORIGINAL_HOST = "x-envoy-original-host";
    private static final String AUTHORITY = ":authority";

    private HeadLogOperators() {}

    static Optional<LogPart> field(Block block, LogOperators.Call call, Spot at) {
        String[] names = call.argument().split("\\?", -1);
        boolean good = names.length <= 2;
        for (String name : names) {
            good &= NAME.matcher(name).matches();
        }
        if (!good) {
            at.add(Problem.quote(call.text()), FIELD, "write %REQ(NAME)% or %REQ(NAME?OTHER)%");
            return Optional.empty();
        }
        Optional<String> alternative =
                names.length == 2 ? Optional.of(lowerCase(names[1])) : Optional.empty();
        return Optional.of(
                new LogPart.Field(
                        block,
                        lowerCase(names[0]),
                        alternative,
                        View.WHOLE,
                        LogOperators.length(call)));
    }

    static Optional<LogPart> path(LogOperators.Call call, Spot at) {
        String[] words = call.argument().split(":", -1);
        String query = words[0].isEmpty() ? "WQ" : words[0];
        String source = words.length < 2 || words[1].isEmpty() ? "ORIG_OR_PATH" : words[1];
        Optional<View> view =
                switch (query) {
                    case "WQ" -> Optional.of(View.WHOLE);
                    case "NQ" -> Optional.of(View.WITHOUT_QUERY);
                    default -> Optional.empty();
                };
        Optional<LogPart> part =
                switch (source) {
                    case "ORIG" -> view.map(how -> request(ORIGINAL, Optional.empty(), how, call));
                    case "PATH" -> view.map(how -> request(":path", Optional.empty(), how, call));
                    case "ORIG_OR_PATH" ->
                            view.map(how -> request(ORIGINAL, Optional.of(":path"), how, call));
                    default -> Optional.empty();
                };
        if (part.isEmpty() || words.length > 2) {
            at.add(
                    Problem.quote(call.text()),
                    "WQ or NQ, and ORIG, PATH or ORIG_OR_PATH after a colon",
                    "write %PATH(NQ)% or %PATH(WQ:ORIG_OR_PATH)%");
            return Optional.empty();
        }
        return part;
    }

    private static LogPart request(
            String name, Optional<String> alternative, View view, LogOperators.Call call) {
        return new LogPart.Field(Block.REQUEST, name, alternative, view, LogOperators.length(call));
    }

    static Optional<LogPart> query(LogOperators.Call call, Spot at) {
        if (call.argument().isEmpty()) {
            at.add(
                    Problem.quote(call.text()),
                    "the name of a query parameter",
                    "write %QUERY_PARAM(NAME)%");
            return Optional.empty();
        }
        return Optional.of(new LogPart.Query(call.argument(), LogOperators.length(call)));
    }

    static Optional<LogPart> serverName(LogOperators.Call call, Spot at) {
        LogPart name = new LogPart.Fact(LogFact.REQUESTED_SERVER_NAME);
        String[] words = call.argument().split(":", -1);
        String source = words.length < 2 || words[1].isEmpty() ? "ORIG_OR_HOST" : words[1];
        Optional<LogPart> host =
                switch (source) {
                    case "ORIG" ->
                            Optional.of(request(ORIGINAL_HOST, Optional.empty(), View.WHOLE, call));
                    case "HOST" ->
                            Optional.of(request(AUTHORITY, Optional.empty(), View.WHOLE, call));
                    case "ORIG_OR_HOST" ->
                            Optional.of(
                                    request(
                                            ORIGINAL_HOST,
                                            Optional.of(AUTHORITY),
                                            View.WHOLE,
                                            call));
                    default -> Optional.empty();
                };
        Optional<LogPart> part =
                switch (words[0]) {
                    case "", "SNI_ONLY" -> Optional.of(name);
                    case "SNI_FIRST" -> host.map(other -> new LogPart.Either(name, other));
                    case "HOST_FIRST" -> host.map(other -> new LogPart.Either(other, name));
                    default -> Optional.empty();
                };
        if (part.isEmpty() || words.length > 2) {
            at.add(
                    Problem.quote(call.text()),
                    "SNI_ONLY, SNI_FIRST or HOST_FIRST, and ORIG, HOST or ORIG_OR_HOST",
                    "write %REQUESTED_SERVER_NAME% or %REQUESTED_SERVER_NAME(SNI_FIRST:HOST)%");
            return Optional.empty();
        }
        return part;
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
