package dev.sluice.proxy.resource.header;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.header.HeaderMutations;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Addition;
import dev.sluice.proxy.snapshot.header.HeaderMutations.AppendAction;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import dev.sluice.proxy.snapshot.header.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** Reads the four lists of header changes that every level of a route has. Stateless. */
public final class HeaderMutationParser {
    private static final int MOST = 1000;
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");

    private HeaderMutationParser() {}

    /** The changes; what is wrong in them becomes a problem and is left out. */
    public static HeaderMutations parse(
            List<String> requestRemove,
            List<HeaderValueOption> requestAdd,
            List<String> responseRemove,
            List<HeaderValueOption> responseAdd,
            Spot at) {
        return new HeaderMutations(
                new Changes(
                        names(requestRemove, at.field("request_headers_to_remove")),
                        additions(
                                requestAdd,
                                HeaderValueParser::parse,
                                at.field("request_headers_to_add"))),
                new Changes(
                        names(responseRemove, at.field("response_headers_to_remove")),
                        additions(
                                responseAdd,
                                HeaderValueParser::parse,
                                at.field("response_headers_to_add"))));
    }

    private static List<String> names(List<String> names, Spot at) {
        List<String> read = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            name(names.get(i), at.index(i)).ifPresent(read::add);
        }
        return read;
    }

    /** The headers to set, in their order; their values are literal. */
    public static List<Addition> literals(List<HeaderValueOption> protos, Spot at) {
        return additions(protos, HeaderValueParser::literal, at);
    }

    private static List<Addition> additions(
            List<HeaderValueOption> protos,
            BiFunction<String, Spot, Optional<HeaderValue>> values,
            Spot at) {
        if (protos.size() > MOST) {
            at.add(protos.size() + " headers", "at most " + MOST, "add fewer headers");
        }
        List<Addition> read = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            addition(protos.get(i), values, at.index(i)).ifPresent(read::add);
        }
        return read;
    }

    private static Optional<Addition> addition(
            HeaderValueOption proto,
            BiFunction<String, Spot, Optional<HeaderValue>> values,
            Spot at) {
        Spot header = at.field("header");
        Optional<String> name = name(proto.getHeader().getKey(), header.field("key"));
        Optional<HeaderValue> value =
                values.apply(proto.getHeader().getValue(), header.field("value"));
        Optional<AppendAction> action = action(proto, at);
        if (name.isEmpty() || value.isEmpty() || action.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Addition(name.get(), value.get(), action.get(), proto.getKeepEmptyValue()));
    }

    private static Optional<String> name(String name, Spot at) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (NAME.matcher(name).matches() && !lower.equals("host")) {
            return Optional.of(lower);
        }
        at.add(
                Problem.quote(name),
                "a header name (RFC 9110), neither host nor a pseudo-header",
                "use the route's rewrites for host and path, else correct the name");
        return Optional.empty();
    }

    @SuppressWarnings("deprecation") // Envoy still obeys append where append_action is not set
    private static Optional<AppendAction> action(HeaderValueOption proto, Spot at) {
        if (proto.hasAppend()) {
            if (proto.getAppendActionValue() != 0) {
                at.field("append")
                        .add("append beside append_action", "append_action", "remove append");
                return Optional.empty();
            }
            return Optional.of(
                    proto.getAppend().getValue()
                            ? AppendAction.APPEND_IF_EXISTS_OR_ADD
                            : AppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
        }
        return switch (proto.getAppendAction()) {
            case APPEND_IF_EXISTS_OR_ADD -> Optional.of(AppendAction.APPEND_IF_EXISTS_OR_ADD);
            case ADD_IF_ABSENT -> Optional.of(AppendAction.ADD_IF_ABSENT);
            case OVERWRITE_IF_EXISTS_OR_ADD -> Optional.of(AppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
            case OVERWRITE_IF_EXISTS -> Optional.of(AppendAction.OVERWRITE_IF_EXISTS);
            case UNRECOGNIZED -> {
                at.field("append_action")
                        .add(
                                "unknown number " + proto.getAppendActionValue(),
                                "an action of Envoy",
                                "choose one");
                yield Optional.empty();
            }
        };
    }
}
