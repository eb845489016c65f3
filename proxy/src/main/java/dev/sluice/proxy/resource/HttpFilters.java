package dev.sluice.proxy.resource;

import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.GateFilter;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The HTTP filters of a listener: the router, last, and perhaps the gate filter. Others are refused
 * unless they are optional or disabled, which makes them inert. Immutable.
 *
 * @param gates settings of the gate filter
 */
record HttpFilters(Optional<GateFilter> gates) {
    private static final String ROUTER = Router.getDescriptor().getFullName();

    private enum Kind {
        ROUTER,
        GATES,
        LEFT_OUT,
        WRONG
    }

    /** Reads the list; empty after a problem. */
    static Optional<HttpFilters> parse(List<HttpFilter> protos, Spot at) {
        Optional<GateFilter> gates = Optional.empty();
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
                case LEFT_OUT -> spot.inert();
                case WRONG -> wrong = true;
            }
        }
        if (routers == 0) {
            at.add("no router", "the filter " + ROUTER + " at the end", "add the router");
            wrong = true;
        }
        return wrong ? Optional.empty() : Optional.of(new HttpFilters(gates));
    }

    private static Kind kind(HttpFilter proto, Spot at) {
        if (proto.getDisabled()) {
            return Kind.LEFT_OUT;
        }
        if (!proto.hasTypedConfig()) {
            at.add(
                    Problem.quote(proto.getName()) + " without typed_config",
                    "a typed_config",
                    "write its typed_config");
            return Kind.WRONG;
        }
        Optional<Extensions.Config> config =
                Extensions.config(proto.getTypedConfig(), at.field("typed_config"));
        if (config.isEmpty()) {
            return Kind.WRONG;
        }
        String type = config.get().type();
        if (type.equals(ROUTER)) {
            return Kind.ROUTER;
        }
        if (GateConfigs.isFilter(type)) {
            return Kind.GATES;
        }
        if (proto.getIsOptional()) {
            return Kind.LEFT_OUT;
        }
        at.add(
                "filter " + Problem.quote(proto.getName()) + " of type " + type,
                ROUTER + " or " + GateConfigs.FILTER,
                "remove the filter, or mark it is_optional: true if answers are right without it");
        return Kind.WRONG;
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
