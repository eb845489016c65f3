package dev.sluice.proxy.resource.overload;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Names;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.overload.OverloadSpec;
import dev.sluice.proxy.snapshot.overload.OverloadSpec.Action;
import dev.sluice.proxy.snapshot.overload.OverloadSpec.Trigger;
import io.envoyproxy.envoy.config.overload.v3.OverloadAction;
import io.envoyproxy.envoy.config.overload.v3.OverloadManager;
import io.envoyproxy.envoy.config.overload.v3.ResourceMonitor;
import io.envoyproxy.envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig;
import io.envoyproxy.envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the overload manager of a bootstrap. For one document. */
public final class OverloadParser {
    private static final String HEAP = FixedHeapConfig.getDescriptor().getFullName();
    private static final String CONNECTIONS =
            DownstreamConnectionsConfig.getDescriptor().getFullName();
    private static final String MONITORS = HEAP + " or " + CONNECTIONS;
    private static final String ACTION = "envoy.overload_actions.";
    private static final String SHRINK = ACTION + "shrink_heap";

    private final Spot at;
    private OptionalLong memory = OptionalLong.empty();
    private OptionalLong connections = OptionalLong.empty();
    private Optional<String> memoryMonitor = Optional.empty();

    private OverloadParser(Spot at) {
        this.at = at;
    }

    public static OverloadSpec parse(OverloadManager proto, Spot at) {
        return new OverloadParser(at).read(proto);
    }

    private OverloadSpec read(OverloadManager proto) {
        Duration refresh =
                proto.hasRefreshInterval()
                        ? Values.positive(proto.getRefreshInterval(), at.field("refresh_interval"))
                        : OverloadSpec.REFRESH;
        Names monitors = new Names("resource monitor");
        for (int i = 0; i < proto.getResourceMonitorsCount(); i++) {
            Spot spot = at.field("resource_monitors").index(i);
            monitors.take(proto.getResourceMonitors(i).getName(), spot.field("name"));
            monitor(proto.getResourceMonitors(i), spot);
        }
        Map<Action, List<Trigger>> actions = new EnumMap<>(Action.class);
        for (int i = 0; i < proto.getActionsCount(); i++) {
            action(proto.getActions(i), at.field("actions").index(i), actions);
        }
        return new OverloadSpec(refresh, memory, connections, actions);
    }

    private void monitor(ResourceMonitor proto, Spot spot) {
        Optional<Extensions.Config> found =
                Extensions.typed(
                        proto.getName(),
                        proto.hasTypedConfig()
                                ? Optional.of(proto.getTypedConfig())
                                : Optional.empty(),
                        MONITORS,
                        spot);
        if (found.isEmpty()) {
            return;
        }
        Spot inside = spot.field("typed_config");
        if (found.get().type().equals(HEAP)) {
            memoryMonitor = Optional.of(proto.getName());
            Extensions.open(found.get(), FixedHeapConfig.getDefaultInstance(), inside)
                    .ifPresent(heap ->
                            memory =
                                    limit(
                                            heap.getMaxHeapSizeBytes(),
                                            inside.field("max_heap_size_bytes")));
        } else if (found.get().type().equals(CONNECTIONS)) {
            Extensions.open(found.get(), DownstreamConnectionsConfig.getDefaultInstance(), inside)
                    .ifPresent(most ->
                            connections =
                                    limit(
                                            most.getMaxActiveDownstreamConnections(),
                                            inside.field("max_active_downstream_connections")));
        } else {
            Extensions.unsupported(found.get(), MONITORS, inside);
        }
    }

    private static OptionalLong limit(long value, Spot spot) {
        if (value <= 0) {
            spot.add(Long.toUnsignedString(value), "1.." + Long.MAX_VALUE, "write a limit");
        }
        return OptionalLong.of(value);
    }

    /** Shrinking the heap changes no answer; the JVM gives memory back by itself. */
    private void action(OverloadAction proto, Spot spot, Map<Action, List<Trigger>> actions) {
        if (proto.getName().equals(SHRINK)) {
            spot.inert();
            return;
        }
        Optional<Action> action = named(proto.getName());
        if (action.isEmpty()) {
            spot.field("name")
                    .add(
                            Problem.quote(proto.getName()),
                            "one of " + names(),
                            "choose one of these, or remove the action");
        }
        if (proto.hasTypedConfig()) {
            spot.field("typed_config").add("a configuration", "none", "remove it");
        }
        if (proto.getTriggersCount() == 0) {
            spot.field("triggers").add("no trigger", "at least one", "say when it is done");
        }
        List<Trigger> triggers = new ArrayList<>();
        for (int i = 0; i < proto.getTriggersCount(); i++) {
            trigger(proto.getTriggers(i), spot.field("triggers").index(i)).ifPresent(triggers::add);
        }
        if (action.isPresent() && actions.put(action.get(), triggers) != null) {
            spot.field("name")
                    .add(
                            Problem.quote(proto.getName()) + " a second time",
                            "each action once",
                            "write all of its triggers into one");
        }
    }

    private Optional<Trigger> trigger(
            io.envoyproxy.envoy.config.overload.v3.Trigger proto, Spot spot) {
        if (!memoryMonitor.equals(Optional.of(proto.getName()))) {
            spot.field("name")
                    .add(
                            Problem.quote(proto.getName()),
                            "the name of a resource monitor " + HEAP,
                            "name it, or add it to resource_monitors");
        }
        return switch (proto.getTriggerOneofCase()) {
            case THRESHOLD -> {
                double value = proto.getThreshold().getValue();
                yield between(value, value, spot.field("threshold"));
            }
            case SCALED ->
                    between(
                            proto.getScaled().getScalingThreshold(),
                            proto.getScaled().getSaturationThreshold(),
                            spot.field("scaled"));
            case TRIGGERONEOF_NOT_SET -> {
                spot.add("no threshold", "threshold or scaled", "say from which pressure");
                yield Optional.empty();
            }
        };
    }

    private static Optional<Trigger> between(double from, double full, Spot spot) {
        if (!(from >= 0 && from <= full && full <= 1)) {
            spot.add(from + ".." + full, "0..1, in this order", "write shares of the limit");
            return Optional.empty();
        }
        return Optional.of(new Trigger(from, full));
    }

    private static Optional<Action> named(String name) {
        for (Action action : Action.values()) {
            if (name(action).equals(name)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }

    private static String name(Action action) {
        return ACTION + action.name().toLowerCase(Locale.ROOT);
    }

    private static String names() {
        List<String> names = new ArrayList<>();
        for (Action action : Action.values()) {
            names.add(name(action));
        }
        return String.join(", ", names);
    }
}
