package dev.sluice.proxy.resource.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.BootstrapReader;
import dev.sluice.proxy.resource.ResourceParsers;
import dev.sluice.proxy.resource.YamlResources;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec.Layer;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec.Source;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuntimeParserTest {
    private static RuntimeSpec runtime(String layers) {
        return BootstrapReader.read("layered_runtime: {layers: [" + layers + "]}", "f")
                .orThrow()
                .runtime();
    }

    private static List<Problem> problems(String layers) {
        return BootstrapReader.read("layered_runtime: {layers: [" + layers + "]}", "f").problems();
    }

    private static Map<String, RuntimeValue> values(String layer) {
        return ((Source.Fixed)
                        runtime("{name: s, static_layer: " + layer + "}")
                                .layers()
                                .getFirst()
                                .source())
                .values();
    }

    @Test
    void nested_keys_are_joined_by_dots_and_texts_may_be_numbers() {
        assertThat(
                        values(
                                "{a: {b: 1, c.d: '2147483647'}, e: true, f: 'false', g: some, h: 0.5, i: {numerator: 5, denominator: TEN_THOUSAND}, j: {numerator: 7}}"))
                .containsOnly(
                        Map.entry("a.b", new RuntimeValue.Numeral("1", 1)),
                        Map.entry("a.c.d", new RuntimeValue.Numeral("2147483647", 2147483647)),
                        Map.entry("e", new RuntimeValue.Flag(true)),
                        Map.entry("f", new RuntimeValue.Flag(false)),
                        Map.entry("g", new RuntimeValue.Text("some")),
                        Map.entry("h", new RuntimeValue.Numeral("0.5", 0.5)),
                        Map.entry(
                                "i",
                                new RuntimeValue.Fraction(
                                        "{\"numerator\":5,\"denominator\":\"TEN_THOUSAND\"}",
                                        new PartsPerMillion(500))),
                        Map.entry(
                                "j",
                                new RuntimeValue.Fraction(
                                        "{\"numerator\":7,\"denominator\":\"HUNDRED\"}",
                                        new PartsPerMillion(70_000))));
    }

    @Test
    void without_layers_there_is_none_and_an_empty_list_is_the_admin_layer() {
        assertThat(BootstrapReader.read("node: {id: n}", "f").orThrow().runtime())
                .isEqualTo(RuntimeSpec.NONE);
        assertThat(BootstrapReader.read("layered_runtime: {}", "f").orThrow().runtime().layers())
                .containsExactly(new Layer("admin", new Source.Administered()));
    }

    @Test
    void every_mistake_in_layers_is_told() {
        assertThat(
                        problems(
                                "{static_layer: {}}, {name: a, admin_layer: {}}, {name: a, admin_layer: {}}, {name: n}, {name: d, disk_layer: {symlink_root: /r}}, {name: r, rtds_layer: {name: r, rtds_config: {ads: {}, resource_api_version: V3}}}, {name: q, rtds_layer: {rtds_config: {path: /p}}}, {name: v, static_layer: {x: null, y: [1], z: {numerator: 1, of: 2}, w: {numerator: -1}, u: {denominator: MANY}, t.s: 1, t: {s: 2}}}"))
                .extracting(Problem::path)
                .map(path -> path.substring(path.indexOf(' ') + 1))
                .map(path -> path.replace("layered_runtime.layers", ""))
                .containsExactlyInAnyOrder(
                        "[0].name",
                        "[2].name",
                        "[2].admin_layer",
                        "[3]",
                        "[4].disk_layer",
                        "[6].rtds_layer.rtds_config.path",
                        "[6].rtds_layer.rtds_config",
                        "[6].rtds_layer.name",
                        "[7].static_layer.x",
                        "[7].static_layer.y",
                        "[7].static_layer.z.of",
                        "[7].static_layer.w.numerator",
                        "[7].static_layer.u.denominator",
                        "[7].static_layer.t.s",
                        "");
    }

    @Test
    void a_layer_that_comes_as_a_resource_is_read_alike() {
        Runtime proto =
                YamlResources.proto("{name: r, layer: {a: {b: 3}}}", Runtime.getDefaultInstance());

        assertThat(ResourceParsers.runtime(proto).orThrow().spec())
                .isEqualTo(Map.of("a.b", new RuntimeValue.Numeral("3", 3)));
        assertThat(
                        ResourceParsers.runtime(
                                        proto.toBuilder()
                                                .setLayer(
                                                        YamlResources.proto(
                                                                "{a: null}",
                                                                com.google.protobuf.Struct
                                                                        .getDefaultInstance()))
                                                .build())
                                .problems())
                .extracting(Problem::path)
                .containsExactly("layer.a");
    }
}
