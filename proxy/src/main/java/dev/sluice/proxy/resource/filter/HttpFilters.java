package dev.sluice.proxy.resource.filter;

import com.google.protobuf.Any;
import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.GateFilter;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec.Initially;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec.Named;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The HTTP filters of a listener: the router, last, perhaps the gate filter, and those that {@link
 * FilterSettings} knows. Others are refused unless they are optional or disabled, which makes them
 * inert. Immutable.
 *
 * @param filters but router and gate, in order
 * @param gates settings of the gate filter
 */
public record HttpFilters(List<Named> filters, Optional<GateFilter> gates) {
    private static final String ROUTER = Router.getDescriptor().getFullName();

    private enum Kind {
        ROUTER,
        GATES,
        FILTER,
        LEFT_OUT,
        WRONG
    }

    /** Reads the list; empty after a problem. */
    public static Optional<HttpFilters> parse(List<HttpFilter> protos, Spot at) {
        Optional<GateFilter> gates = Optional.empty();
        List<Named> filters = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int routers = 0;
        boolean wrong = false;
        for (int i = 0; i < protos.size(); i++) {
            HttpFilter proto = protos.get(i);
            Spot spot = at.index(i);
            if (!names.add(proto.getName())) {
                spot.field("name")
                        .add(
                                Problem.quote(proto.getName()) + " a second time",
                                "a name of its own for each filter",
                                "rename or remove one of the two");
                wrong = true;
            }
            switch (kind(proto, spot)) {
                case ROUTER -> {
                    routers++;
                    wrong |= !isLast(i, protos, spot) || !routerIsRight(proto, spot);
                }
                case GATES -> {
                    gates = GateConfigs.filter(proto.getTypedConfig(), spot.field("typed_config"));
                    wrong |= gates.isEmpty();
                }
                case FILTER -> {
                    Optional<Named> filter = filter(proto, spot);
                    filter.ifPresent(filters::add);
                    wrong |= filter.isEmpty();
                }
                case LEFT_OUT -> spot.inert();
                case WRONG -> wrong = true;
            }
        }
        if (routers == 0) {
            at.add("no router", "the filter " + ROUTER + " at the end", "add the router");
            wrong = true;
        }
        return wrong ? Optional.empty() : Optional.of(new HttpFilters(List.copyOf(filters), gates));
    }

    private static Kind kind(HttpFilter proto, Spot at) {
        if (!proto.hasTypedConfig() && proto.getDisabled()) {
            return Kind.LEFT_OUT;
        }
        Optional<Any> written =
                proto.hasTypedConfig() ? Optional.of(proto.getTypedConfig()) : Optional.empty();
        Optional<Extensions.Config> config =
                Extensions.typed(proto.getName(), written, "a typed_config", at);
        if (config.isEmpty()) {
            return Kind.WRONG;
        }
        String type = config.get().type();
        if (type.equals(ROUTER)) {
            return proto.getDisabled() ? Kind.LEFT_OUT : Kind.ROUTER;
        }
        if (GateConfigs.isFilter(type)) {
            return proto.getDisabled() ? Kind.LEFT_OUT : Kind.GATES;
        }
        if (FilterSettings.isKnown(type)) {
            return Kind.FILTER;
        }
        if (proto.getIsOptional() || proto.getDisabled() || FilterSettings.isWithoutEffect(type)) {
            return Kind.LEFT_OUT;
        }
        at.add(
                "filter " + Problem.quote(proto.getName()) + " of type " + type,
                String.join(", ", ROUTER, GateConfigs.FILTER, FilterSettings.KNOWN),
                "remove the filter, or mark it is_optional: true if answers are right without it");
        return Kind.WRONG;
    }

    private static Optional<Named> filter(HttpFilter proto, Spot at) {
        Spot spot = at.field("typed_config");
        Initially initially = proto.getDisabled() ? Initially.OFF : Initially.ON;
        return Extensions.config(proto.getTypedConfig(), spot)
                .flatMap(config -> FilterSettings.ofListener(config, spot))
                .map(spec -> new Named(proto.getName(), spec, initially));
    }

    private static boolean isLast(int index, List<HttpFilter> protos, Spot at) {
        boolean last = index == protos.size() - 1;
        if (!last) {
            at.add("the router before other filters", "the router at the end", "move it there");
        }
        return last;
    }

    private static boolean routerIsRight(HttpFilter proto, Spot at) {
        return Extensions.only(
                        proto.getTypedConfig(),
                        Router.getDefaultInstance(),
                        at.field("typed_config"))
                .isPresent();
    }
}
