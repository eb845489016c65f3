package dev.sluice.proxy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.sluice.contract.Problem;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import org.junit.jupiter.api.Test;

class ResourceParsersTest {
    @Test
    void refuses_fields_of_a_later_envoy_at_any_depth_and_bytes_of_another_type() {
        UnknownFieldSet later =
                UnknownFieldSet.newBuilder()
                        .addField(901, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build();
        Cluster cluster =
                Cluster.newBuilder()
                        .setName("c")
                        .setLoadAssignment(
                                ClusterLoadAssignment.newBuilder().setUnknownFields(later))
                        .build();
        Any broken =
                Any.newBuilder()
                        .setTypeUrl("t/envoy.extensions.upstreams.http.v3.HttpProtocolOptions")
                        .setValue(ByteString.copyFromUtf8("\u0001\u0001"))
                        .build();
        Cluster malformed =
                Cluster.newBuilder()
                        .setName("c")
                        .putTypedExtensionProtocolOptions(
                                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", broken)
                        .build();

        assertThat(ResourceParsers.cluster(cluster).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.path()).isEqualTo("load_assignment");
                    assertThat(problem.got()).isEqualTo("unknown field numbers [901]");
                });
        assertThat(ResourceParsers.cluster(malformed).problems())
                .singleElement()
                .extracting(Problem::got)
                .asString()
                .startsWith("bytes that are no");
    }
}
