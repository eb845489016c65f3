package dev.sluice.proxy.resource.filter;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Extensions.Config;
import dev.sluice.proxy.resource.read.Spot;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what routes and listeners say about gates: as the messages of the contract, or as free-form
 * structs that a foreign management server can carry. Stateless.
 */
public final class GateConfigs {
    /** Key of gates in {@code typed_per_filter_config}, and usual name of the filter. */
    public static final String NAME = "sluice.gate";

    /** Type of the filter's configuration. */
    static final String FILTER = dev.sluice.gate.v1.GateFilter.getDescriptor().getFullName();

    private static final String ROUTE = dev.sluice.gate.v1.RouteGate.getDescriptor().getFullName();
    private static final String GATE = dev.sluice.gate.v1.Gate.getDescriptor().getFullName();
    private static final String FILTER_CONFIG = FilterConfig.getDescriptor().getFullName();
    private static final String COLLECTION = "gates/";

    private GateConfigs() {}

    /** Whether a filter of this type is the gate filter. */
    static boolean isFilter(String type) {
        return type.equals(FILTER) || type.equals(GATE);
    }

    /**
     * The settings of the gate filter; empty after a problem. A bare gate there, which stock Envoy
     * needs to know the filter's name, says nothing for all routes: the defaults hold.
     */
    static Optional<dev.sluice.contract.gate.GateFilter> filter(Any any, Spot at) {
        Optional<Config> config = Extensions.config(any, at);
        if (config.isPresent() && config.get().type().equals(GATE)) {
            return Optional.of(dev.sluice.contract.gate.GateFilter.DEFAULT);
        }
        return config.flatMap(known ->
                        Extensions.open(
                                known, dev.sluice.gate.v1.GateFilter.getDefaultInstance(), at))
                .flatMap(proto -> GateParser.gateFilter(proto, at.problems()));
    }

    /** The gate of a route; empty when it has none, or after a problem. */
    public static Optional<dev.sluice.contract.gate.RouteGate> route(
            Map<String, Any> perFilter, String routeName, Spot at) {
        Spot spot = at.key(NAME);
        return Optional.ofNullable(perFilter.get(NAME))
                .flatMap(any -> unwrap(any, spot))
                .flatMap(content -> routeGate(content, routeName, spot));
    }

    /** Refuses gates above routes. */
    public static void none(Map<String, Any> perFilter, Spot at) {
        if (perFilter.containsKey(NAME)) {
            at.key(NAME).add("a gate above routes", "a gate on a route", "put it on each route");
        }
    }

    /** The settings in their {@code FilterConfig}; empty when they are inert or wrong. */
    private static Optional<Any> unwrap(Any any, Spot at) {
        Optional<Config> config = Extensions.config(any, at);
        if (config.isEmpty() || !config.get().type().equals(FILTER_CONFIG)) {
            return config.isEmpty() ? Optional.empty() : Optional.of(any);
        }
        Optional<FilterConfig> wrapper =
                Extensions.open(config.get(), FilterConfig.getDefaultInstance(), at);
        if (wrapper.isEmpty()) {
            return Optional.empty();
        }
        if (wrapper.get().getDisabled()) {
            at.inert();
            return Optional.empty();
        }
        if (!wrapper.get().hasConfig()) {
            at.add("a FilterConfig without config", "config", "write what the filter shall do");
            return Optional.empty();
        }
        return Optional.of(wrapper.get().getConfig());
    }

    private static Optional<dev.sluice.contract.gate.RouteGate> routeGate(
            Any any, String routeName, Spot at) {
        Optional<Config> config = Extensions.config(any, at);
        if (config.isEmpty()) {
            return Optional.empty();
        }
        String type = config.get().type();
        if (type.equals(GATE)) {
            return bareGate(config.get(), at)
                    .flatMap(proto -> GateParser.routeGate(proto, routeName, at.problems()));
        }
        if (type.equals(ROUTE)) {
            return Extensions.open(
                            config.get(), dev.sluice.gate.v1.RouteGate.getDefaultInstance(), at)
                    .flatMap(proto -> GateParser.routeGate(proto, routeName, at.problems()));
        }
        at.add("type " + type, ROUTE + " or " + GATE, "use one of these types");
        return Optional.empty();
    }

    /** A gate without anything around it: a reference when it has a name alone, else inline. */
    private static Optional<dev.sluice.gate.v1.RouteGate> bareGate(Config config, Spot at) {
        if (config instanceof Config.Loose(String type, Struct fields)
                && fields.getFieldsCount() == 1
                && fields.getFieldsOrDefault("name", Value.getDefaultInstance()).hasStringValue()) {
            String name = fields.getFieldsOrThrow("name").getStringValue();
            String full = name.startsWith(COLLECTION) ? name : COLLECTION + name;
            return Optional.of(dev.sluice.gate.v1.RouteGate.newBuilder().setName(full).build());
        }
        return Extensions.open(config, dev.sluice.gate.v1.Gate.getDefaultInstance(), at)
                .map(gate -> dev.sluice.gate.v1.RouteGate.newBuilder().setInline(gate).build());
    }
}
