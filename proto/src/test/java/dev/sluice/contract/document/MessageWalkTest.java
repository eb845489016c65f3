package dev.sluice.contract.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageWalkTest {
    private final List<String> seen = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private final List<String> malformed = new ArrayList<>();
    private final MessageWalk walk =
            new MessageWalk(DocumentTypes.of(List.of(Bootstrap.getDescriptor())));
    private final MessageWalk.Visitor visitor =
            new MessageWalk.Visitor() {
                @Override
                public MessageWalk.Step field(String path, FieldDescriptor field) {
                    seen.add(path);
                    return field.getName().equals("metadata")
                            ? MessageWalk.Step.OVER
                            : MessageWalk.Step.INTO;
                }

                @Override
                public void unknown(String path, Descriptor type, List<Integer> numbers) {
                    unknown.add(path + " " + type.getName() + " " + numbers);
                }

                @Override
                public void malformed(String path, String typeUrl) {
                    malformed.add(path + " " + typeUrl);
                }
            };

    private static Cluster cluster(Any options) {
        return Cluster.newBuilder().putTypedExtensionProtocolOptions("x.y", options).build();
    }

    private static <M extends Message> M withUnknown(M message, int number) {
        UnknownFieldSet fields =
                UnknownFieldSet.newBuilder()
                        .addField(number, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build();
        @SuppressWarnings("unchecked")
        M changed = (M) message.toBuilder().setUnknownFields(fields).build();
        return changed;
    }

    @Test
    void visits_lists_maps_and_the_content_of_any_and_passes_over_what_it_is_told() {
        Any node = Any.pack(Node.newBuilder().setId("n").build());
        Bootstrap bootstrap =
                Bootstrap.newBuilder()
                        .setNode(
                                Node.newBuilder()
                                        .setMetadata(
                                                com.google.protobuf.Struct.newBuilder()
                                                        .putFields(
                                                                "k",
                                                                com.google.protobuf.Value
                                                                        .getDefaultInstance())))
                        .setStaticResources(
                                Bootstrap.StaticResources.newBuilder().addClusters(cluster(node)))
                        .build();

        walk.walk(bootstrap, "", visitor);

        assertThat(seen)
                .containsExactly(
                        "node",
                        "node.metadata",
                        "static_resources",
                        "static_resources.clusters",
                        "static_resources.clusters[0].typed_extension_protocol_options",
                        "static_resources.clusters[0].typed_extension_protocol_options[\"x.y\"].id");
    }

    @Test
    void tells_fields_that_the_type_does_not_know_also_inside_any() {
        Any node = Any.pack(withUnknown(Node.newBuilder().setId("n").build(), 900));

        walk.walk(withUnknown(cluster(node), 901), "c", visitor);

        assertThat(unknown)
                .containsExactly(
                        "c Cluster [901]",
                        "c.typed_extension_protocol_options[\"x.y\"] Node [900]");
    }

    @Test
    void tells_an_any_whose_bytes_are_not_of_its_type_and_leaves_unknown_types_alone() {
        Any broken =
                Any.newBuilder()
                        .setTypeUrl("t/envoy.config.core.v3.Node")
                        .setValue(ByteString.copyFromUtf8("\u0001\u0001"))
                        .build();
        Any foreign =
                Any.newBuilder()
                        .setTypeUrl("t/acme.X")
                        .setValue(ByteString.copyFromUtf8("\u0001"))
                        .build();

        walk.walk(TypedExtensionConfig.newBuilder().setTypedConfig(broken).build(), "e", visitor);
        walk.walk(TypedExtensionConfig.newBuilder().setTypedConfig(foreign).build(), "f", visitor);

        assertThat(malformed).containsExactly("e.typed_config t/envoy.config.core.v3.Node");
    }
}
