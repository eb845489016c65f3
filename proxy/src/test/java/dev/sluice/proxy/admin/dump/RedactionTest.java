package dev.sluice.proxy.admin.dump;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import org.junit.jupiter.api.Test;

class RedactionTest {
    private static final DataSource SECRET =
            DataSource.newBuilder().setInlineString("secret").build();
    private static final DataSource PUBLIC =
            DataSource.newBuilder().setInlineString("public").build();
    private static final TlsCertificate CERTIFICATE =
            TlsCertificate.newBuilder()
                    .setCertificateChain(PUBLIC)
                    .setPrivateKey(SECRET)
                    .setPassword(
                            DataSource.newBuilder()
                                    .setInlineBytes(ByteString.copyFromUtf8("secret")))
                    .build();

    @Test
    void what_the_api_calls_sensitive_is_hidden_and_nothing_else() throws Exception {
        Secret shown =
                Secret.parseFrom(
                        Redaction.of(
                                        Secret.newBuilder()
                                                .setName("s")
                                                .setTlsCertificate(CERTIFICATE)
                                                .build())
                                .toByteString());

        assertThat(shown.getName()).isEqualTo("s");
        assertThat(shown.getTlsCertificate().getCertificateChain()).isEqualTo(PUBLIC);
        assertThat(shown.getTlsCertificate().getPrivateKey().getInlineString())
                .isEqualTo("[redacted]");
        assertThat(shown.getTlsCertificate().getPassword().getInlineBytes().toStringUtf8())
                .isEqualTo("[redacted]");
    }

    @Test
    void it_is_hidden_inside_what_is_packed_too() throws Exception {
        DownstreamTlsContext context =
                DownstreamTlsContext.newBuilder()
                        .setCommonTlsContext(
                                CommonTlsContext.newBuilder().addTlsCertificates(CERTIFICATE))
                        .build();

        DownstreamTlsContext shown =
                packed(Any.pack(context)).getTypedConfig().unpack(DownstreamTlsContext.class);

        assertThat(
                        shown.getCommonTlsContext()
                                .getTlsCertificates(0)
                                .getPrivateKey()
                                .getInlineString())
                .isEqualTo("[redacted]");
    }

    private static TransportSocket packed(Any config) throws InvalidProtocolBufferException {
        return TransportSocket.parseFrom(
                Redaction.of(TransportSocket.newBuilder().setTypedConfig(config).build())
                        .toByteString());
    }

    @Test
    void what_is_not_known_is_shown_by_its_type_alone() throws Exception {
        Any strange =
                Any.newBuilder()
                        .setTypeUrl("type.googleapis.com/acme.Strange")
                        .setValue(ByteString.copyFromUtf8("secret"))
                        .build();

        Struct shown = packed(strange).getTypedConfig().unpack(Struct.class);

        assertThat(shown.getFieldsOrThrow("type_url").getStringValue())
                .isEqualTo(strange.getTypeUrl());
        assertThat(shown.getFieldsMap()).hasSize(1);
    }

    @Test
    void what_is_torn_is_shown_by_its_type_alone() throws Exception {
        Any torn =
                Any.pack(DownstreamTlsContext.getDefaultInstance()).toBuilder()
                        .setValue(ByteString.copyFromUtf8("secret"))
                        .build();

        Struct shown = packed(torn).getTypedConfig().unpack(Struct.class);

        assertThat(shown.getFieldsOrThrow("type_url").getStringValue())
                .isEqualTo(torn.getTypeUrl());
        assertThat(shown.getFieldsMap()).hasSize(1);
    }

    @Test
    void tokens_for_the_management_server_are_hidden_and_their_names_stay() throws Exception {
        Bootstrap.Builder bootstrap = Bootstrap.newBuilder();
        bootstrap
                .getDynamicResourcesBuilder()
                .getAdsConfigBuilder()
                .addGrpcServices(
                        GrpcService.newBuilder()
                                .addInitialMetadata(
                                        HeaderValue.newBuilder()
                                                .setKey("authorization")
                                                .setValue("Bearer secret")));

        Bootstrap shown = Bootstrap.parseFrom(Redaction.of(bootstrap.build()).toByteString());

        assertThat(
                        shown.getDynamicResources()
                                .getAdsConfig()
                                .getGrpcServices(0)
                                .getInitialMetadata(0))
                .isEqualTo(
                        HeaderValue.newBuilder()
                                .setKey("authorization")
                                .setValue("[redacted]")
                                .build());
    }
}
