package dev.sluice.proxy.resource.runtime;

import dev.sluice.proxy.resource.read.ConfigSources;
import dev.sluice.proxy.resource.read.Names;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec.Layer;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec.Source;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import io.envoyproxy.envoy.config.bootstrap.v3.LayeredRuntime;
import io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer;
import io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer.RtdsLayer;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the runtime layers of a bootstrap; those with a problem are left out. Stateless. */
public final class RuntimeParser {
    private static final String SOURCES = "static_layer, rtds_layer or admin_layer";

    private RuntimeParser() {}

    /** The layers; one of the admin endpoint where none is named, as in Envoy. */
    public static RuntimeSpec parse(LayeredRuntime proto, Spot at) {
        if (proto.getLayersCount() == 0) {
            return new RuntimeSpec(List.of(new Layer("admin", new Source.Administered())));
        }
        List<Layer> layers = new ArrayList<>();
        Names names = new Names("layer");
        boolean administered = false;
        for (int i = 0; i < proto.getLayersCount(); i++) {
            RuntimeLayer layer = proto.getLayers(i);
            Spot spot = at.field("layers").index(i);
            names.take(Values.text(layer.getName(), spot.field("name")), spot.field("name"));
            if (layer.hasAdminLayer() && administered) {
                spot.field("admin_layer").add("a second one", "at most one", "remove it");
            }
            administered |= layer.hasAdminLayer();
            source(layer, spot).ifPresent(source -> layers.add(new Layer(layer.getName(), source)));
        }
        return new RuntimeSpec(layers);
    }

    private static Optional<Source> source(RuntimeLayer proto, Spot at) {
        return switch (proto.getLayerSpecifierCase()) {
            case STATIC_LAYER ->
                    Optional.of(
                            new Source.Fixed(
                                    RuntimeValueParser.values(
                                            proto.getStaticLayer(), at.field("static_layer"))));
            case RTDS_LAYER -> subscribed(proto.getRtdsLayer(), at.field("rtds_layer"));
            case ADMIN_LAYER -> Optional.of(new Source.Administered());
            case DISK_LAYER -> Optional.empty(); // a refused field, already said
            case LAYERSPECIFIER_NOT_SET -> {
                at.add("no source", SOURCES, "say where its values come from");
                yield Optional.empty();
            }
        };
    }

    private static Optional<Source> subscribed(RtdsLayer proto, Spot at) {
        ConfigSources.ads(proto.getRtdsConfig(), at.field("rtds_config"));
        String name = Values.text(proto.getName(), at.field("name"));
        return name.isEmpty() ? Optional.empty() : Optional.of(new Source.Subscribed(name));
    }

    /** The values of a layer that came as a resource. */
    public static Optional<Map<String, RuntimeValue>> layer(Runtime proto, Spot at) {
        return Optional.of(RuntimeValueParser.values(proto.getLayer(), at.field("layer")));
    }
}
