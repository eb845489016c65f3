package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.tls.TestCertificates;
import dev.sluice.testkit.tls.TestCertificates.Issued;
import io.envoyproxy.envoy.admin.v3.BootstrapConfigDump;
import io.envoyproxy.envoy.admin.v3.Certificate;
import io.envoyproxy.envoy.admin.v3.Certificates;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.ConfigDump;
import io.envoyproxy.envoy.admin.v3.Memory;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The admin pages that show the configuration, as Envoy's tools read them. */
@ExtendWith(LeakCheck.class)
class ConfigurationPagesIT {
    @TempDir private Path folder;

    private static String inline(Path file) throws Exception {
        return "{inline_bytes: \"" + base64(file) + "\"}";
    }

    private static String base64(Path file) throws Exception {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    }

    /** In JSON, the padding is escaped. */
    private static String unpadded(String base64) {
        return base64.replace("=", "");
    }

    private String secured(Issued issued) throws Exception {
        return TlsYaml.secured(
                Yaml.bootstrap(Yaml.routeTo("up"), Yaml.cluster("up", 1), Yaml.cluster("away", 2)),
                "common_tls_context: {tls_certificates: [{certificate_chain: "
                        + inline(issued.chainFile())
                        + ", private_key: "
                        + inline(issued.keyFile())
                        + "}]}");
    }

    @Test
    void the_bootstrap_is_dumped_in_envoys_shape_without_its_key() throws Exception {
        Issued issued = TestCertificates.in(folder).issue("shop", "shop.test");
        String bootstrap = secured(issued);
        try (RunningProxy proxy = RunningProxy.start(1, bootstrap);
                AdminView admin =
                        AdminView.of(
                                proxy.proxy(), new StaticOrigin(RunningProxy.parse(bootstrap)))) {
            String text = admin.get("/config_dump").body().text();
            ConfigDump dump = admin.dump("/config_dump?include_eds");

            assertThat(text)
                    .contains(unpadded(base64(issued.chainFile())))
                    .contains(
                            unpadded(
                                    Base64.getEncoder()
                                            .encodeToString(
                                                    "[redacted]"
                                                            .getBytes(StandardCharsets.US_ASCII))))
                    .doesNotContain(unpadded(base64(issued.keyFile())));
            assertThat(dump.getConfigs(0).unpack(BootstrapConfigDump.class).getBootstrap())
                    .extracting(found -> found.getStaticResources().getListeners(0).getName())
                    .isEqualTo("main");
            ClustersConfigDump clusters = dump.getConfigs(1).unpack(ClustersConfigDump.class);
            assertThat(clusters.getStaticClustersCount()).isEqualTo(2);
            assertThat(clusters.getStaticClusters(0).getCluster().unpack(Cluster.class).getName())
                    .isEqualTo("up");
            assertThat(
                            dump.getConfigs(4)
                                    .unpack(RoutesConfigDump.class)
                                    .getStaticRouteConfigsCount())
                    .isEqualTo(1);
            assertThat(dump.getConfigsList()).as("with endpoints").hasSize(6);
        }
    }

    @Test
    void a_dump_can_be_narrowed_to_a_list_to_names_and_to_fields() throws Exception {
        String bootstrap =
                Yaml.bootstrap(Yaml.routeTo("up"), Yaml.cluster("up", 1), Yaml.cluster("away", 2));
        try (RunningProxy proxy = RunningProxy.start(1, bootstrap);
                AdminView admin =
                        AdminView.of(
                                proxy.proxy(), new StaticOrigin(RunningProxy.parse(bootstrap)))) {
            assertThat(
                            admin.get(
                                            "/config_dump?resource=static_clusters&name_regex=a.*&mask=cluster.name")
                                    .body()
                                    .text()
                                    .replaceAll("\\s", ""))
                    .isEqualTo(
                            """
                            {"configs":[{\
                            "@type":"type.googleapis.com/envoy.admin.v3.ClustersConfigDump.StaticCluster",\
                            "cluster":{"@type":"type.googleapis.com/envoy.config.cluster.v3.Cluster","name":"away"}}]}\
                            """);
            ConfigDump named = admin.dump("/config_dump?name_regex=a.*");
            assertThat(named.getConfigs(1).unpack(ClustersConfigDump.class).getStaticClustersList())
                    .hasSize(1);
            assertThat(named.getConfigs(0).unpack(BootstrapConfigDump.class).hasBootstrap())
                    .as("a bootstrap has no name")
                    .isFalse();
            assertThat(admin.get("/config_dump?resource=clusters").status()).isEqualTo(404);
            assertThat(admin.get("/config_dump?resource=clusters").body().text())
                    .contains("static_clusters");
            assertThat(admin.get("/config_dump?mask=no.such").status()).isEqualTo(400);
            assertThat(admin.get("/config_dump?name_regex=%28").status()).isEqualTo(400);
            assertThat(admin.get("/snapshot").body().text()).contains("\"inert_fields\"");
        }
    }

    @Test
    void certificates_and_memory_have_the_shape_of_envoy() throws Exception {
        TestCertificates certificates = TestCertificates.in(folder);
        Issued issued = certificates.issue("shop", "shop.test");
        String bootstrap =
                TlsYaml.secured(
                        Yaml.bootstrap(Yaml.routeTo("up"), Yaml.cluster("up", 1)),
                        TlsYaml.showing(issued, TlsYaml.trusting(certificates, "")));
        try (RunningProxy proxy = RunningProxy.start(1, bootstrap);
                AdminView admin =
                        AdminView.of(
                                proxy.proxy(), new StaticOrigin(RunningProxy.parse(bootstrap)))) {
            Certificates.Builder certs = Certificates.newBuilder();
            JsonFormat.parser().merge(admin.get("/certs").body().text(), certs);
            Certificate shown = certs.getCertificates(0);

            assertThat(shown.getCertChain(0).getSubjectAltNames(0).getDns()).isEqualTo("shop.test");
            assertThat(shown.getCertChain(0).getExpirationTime().getSeconds())
                    .isEqualTo(issued.certificate().getNotAfter().toInstant().getEpochSecond());
            assertThat(shown.getCaCert(0).getSerialNumber())
                    .isEqualTo(certificates.authority().getSerialNumber().toString(16));
            Memory.Builder memory = Memory.newBuilder();
            JsonFormat.parser().merge(admin.get("/memory").body().text(), memory);
            assertThat(memory.getAllocated()).isPositive();
            assertThat(memory.getHeapSize()).isGreaterThanOrEqualTo(memory.getAllocated());
        }
    }
}
