package dev.sluice.testkit.xds;

import dev.sluice.testkit.grpc.GrpcMethods;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.MethodDescriptor;

/** The methods of the aggregated discovery service, and the delta shape of any other. */
final class XdsMethods {
    static final String SERVICE = "envoy.service.discovery.v3.AggregatedDiscoveryService";
    static final String DELTA_ADS = SERVICE + "/DeltaAggregatedResources";

    static final MethodDescriptor<DiscoveryRequest, DiscoveryResponse> SOTW =
            GrpcMethods.proto(
                    SERVICE + "/StreamAggregatedResources",
                    DiscoveryRequest.getDefaultInstance(),
                    DiscoveryResponse.getDefaultInstance());

    private XdsMethods() {}

    static MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> delta(String fullName) {
        return GrpcMethods.proto(
                fullName,
                DeltaDiscoveryRequest.getDefaultInstance(),
                DeltaDiscoveryResponse.getDefaultInstance());
    }
}
