package dev.sluice.proxy.resource.trace;

import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Spot;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.resource_detectors.v3.EnvironmentResourceDetectorConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.resource_detectors.v3.StaticConfigResourceDetectorConfig;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads what is said about this proxy with its spans. Stateless. */
final class SpanResources {
    private static final String ENVIRONMENT =
            EnvironmentResourceDetectorConfig.getDescriptor().getFullName();
    private static final String STATIC =
            StaticConfigResourceDetectorConfig.getDescriptor().getFullName();
    private static final String VARIABLE = "OTEL_RESOURCE_ATTRIBUTES";
    private static final String SERVICE = "service.name";

    private SpanResources() {}

    /**
     * The attributes: those of the detectors in their order, a later one's over an earlier one's,
     * then the service's name.
     */
    static Map<String, String> parse(OpenTelemetryConfig proto, Spot at) {
        Map<String, String> attributes = new TreeMap<>();
        attributes.put("telemetry.sdk.name", "sluice");
        attributes.put("telemetry.sdk.language", "java");
        for (int i = 0; i < proto.getResourceDetectorsCount(); i++) {
            Spot spot = at.field("resource_detectors").index(i);
            detect(proto.getResourceDetectors(i), spot).ifPresent(attributes::putAll);
        }
        if (!proto.getServiceName().isEmpty()) {
            attributes.put(SERVICE, proto.getServiceName());
        }
        attributes.putIfAbsent(SERVICE, "unknown_service:sluice");
        return attributes;
    }

    private static Optional<Map<String, String>> detect(TypedExtensionConfig proto, Spot at) {
        Spot spot = at.field("typed_config");
        Optional<Extensions.Config> config = Extensions.config(proto.getTypedConfig(), spot);
        if (config.isEmpty()) {
            return Optional.empty();
        }
        String type = config.get().type();
        if (type.equals(STATIC)) {
            return Extensions.open(
                            config.get(),
                            StaticConfigResourceDetectorConfig.getDefaultInstance(),
                            spot)
                    .map(StaticConfigResourceDetectorConfig::getAttributesMap);
        }
        if (type.equals(ENVIRONMENT)) {
            return Optional.of(attributes(Optional.ofNullable(System.getenv(VARIABLE)).orElse("")));
        }
        at.inert();
        return Optional.empty();
    }

    /** Pairs with commas between, percent-encoded; what is none is left out. */
    static Map<String, String> attributes(String text) {
        Map<String, String> attributes = new TreeMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                attributes.put(
                        pair.substring(0, equals).strip(),
                        decoded(pair.substring(equals + 1).strip()));
            }
        }
        return attributes;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return value;
        }
    }
}
