package dev.sluice.contract.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentReaderTest {
    private static final DocumentTypes TYPES =
            DocumentTypes.of(List.of(Bootstrap.getDescriptor(), Router.getDescriptor()));

    private static <M extends Message> Parsed<Document<M>> parse(String text, M prototype) {
        return new DocumentReader(TYPES).read(text, "f", prototype);
    }

    private static <M extends Message> M read(String text, M prototype) {
        return parse(text, prototype).orThrow().message();
    }

    private static List<Problem> problems(String text, Message prototype) {
        return parse(text, prototype).problems();
    }

    private static Problem problem(String text, Message prototype) {
        List<Problem> problems = problems(text, prototype);
        assertThat(problems).as("problems of %s", text).hasSize(1);
        return problems.getFirst();
    }

    @Test
    void reads_yaml_and_json_alike_in_both_spellings_of_names() {
        Bootstrap yaml =
                read(
                        "static_resources:\n  clusters:\n  - name: a\n    connect_timeout: 1.5s\n",
                        Bootstrap.getDefaultInstance());
        Bootstrap json =
                read(
                        "{\n\t\"staticResources\": {\"clusters\": [{\"name\": \"a\", \"connectTimeout\": \"1.5s\"}]}\n}",
                        Bootstrap.getDefaultInstance());

        assertThat(yaml).isEqualTo(json);
        assertThat(yaml.getStaticResources().getClusters(0).getConnectTimeout())
                .isEqualTo(Duration.newBuilder().setSeconds(1).setNanos(500_000_000).build());
    }

    @Test
    void reports_every_problem_with_place_path_and_remedy() {
        List<Problem> problems =
                problems(
                        """
                        static_resources:
                          clusters:
                          - nam: a
                            type: STATIK
                            connect_timeout: 5
                          listeners:
                          - address: {socket_address: {address: 1.5, port_value: -1}}
                            drain_type: 99
                        """,
                        Bootstrap.getDefaultInstance());

        assertThat(problems)
                .extracting(Problem::path)
                .containsExactly(
                        "f:3:5 static_resources.clusters[0].nam",
                        "f:4:11 static_resources.clusters[0].type",
                        "f:5:22 static_resources.clusters[0].connect_timeout",
                        "f:7:41 static_resources.listeners[0].address.socket_address.address",
                        "f:7:58 static_resources.listeners[0].address.socket_address.port_value",
                        "f:8:17 static_resources.listeners[0].drain_type");
        assertThat(problems)
                .extracting(Problem::remedy)
                .startsWith(
                        "did you mean name?",
                        "did you mean STATIC?",
                        "write 5s",
                        "put it in quotes: \"1.5\"");
    }

    @Test
    void locates_problems_that_are_found_later_at_the_nearest_written_path() {
        Document<Bootstrap> document =
                parse("admin:\n  address: {pipe: {path: x}}\n", Bootstrap.getDefaultInstance())
                        .orThrow();

        List<Problem> located =
                document.locate(
                        List.of(
                                new Problem("admin.address.pipe.mode", "g", "e", "r"),
                                new Problem("admin.address", "g", "e", "r"),
                                new Problem("node.id", "g", "e", "r")));

        assertThat(located)
                .extracting(Problem::path)
                .containsExactly(
                        "f:1:1 node.id", "f:2:3 admin.address", "f:2:13 admin.address.pipe.mode");
    }

    @Test
    void opens_any_by_its_type_and_continues_the_path_in_it() {
        Any router =
                read(
                        "{\"@type\": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router, dynamic_stats: false}",
                        Any.getDefaultInstance());
        Any duration =
                read(
                        "{\"@type\": type.googleapis.com/google.protobuf.Duration, value: 2s}",
                        Any.getDefaultInstance());

        assertThat(router.getTypeUrl())
                .isEqualTo("type.googleapis.com/envoy.extensions.filters.http.router.v3.Router");
        assertThat(router.is(Router.class)).isTrue();
        assertThat(duration).isEqualTo(Any.pack(Duration.newBuilder().setSeconds(2).build()));
        assertThat(
                        problem(
                                        "{\"@type\": x/envoy.extensions.filters.http.router.v3.Router, dinamic_stats: true}",
                                        Any.getDefaultInstance())
                                .path())
                .isEqualTo("f:1:61 dinamic_stats");
        assertThat(
                        problem("{\"@type\": x/google.protobuf.Duration}", Any.getDefaultInstance())
                                .path())
                .isEqualTo("f:1:1 value");
        assertThat(problem("{name: x}", Any.getDefaultInstance()).path()).isEqualTo("f:1:1 @type");
    }

    @Test
    void keeps_an_any_of_an_unknown_type_as_a_typed_struct() throws Exception {
        Any any =
                read(
                        "{\"@type\": type.googleapis.com/acme.Filter, a: [1, null, \"x\"]}",
                        Any.getDefaultInstance());

        TypedStruct kept = any.unpack(TypedStruct.class);
        assertThat(kept.getTypeUrl()).isEqualTo("type.googleapis.com/acme.Filter");
        assertThat(kept.getValue().getFieldsMap()).containsOnlyKeys("a");
        assertThat(kept.getValue().getFieldsOrThrow("a").getListValue().getValuesCount())
                .isEqualTo(3);
    }

    @Test
    void reads_structs_times_masks_and_wrappers() {
        Struct struct =
                read(
                        "{a: 1, b: true, c: '1', d: null, e: {f: [x]}, g: 1e2}",
                        Struct.getDefaultInstance());

        assertThat(struct.getFieldsOrThrow("a").getNumberValue()).isEqualTo(1);
        assertThat(struct.getFieldsOrThrow("b").getBoolValue()).isTrue();
        assertThat(struct.getFieldsOrThrow("c").getStringValue()).isEqualTo("1");
        assertThat(struct.getFieldsOrThrow("d").getKindCase()).isEqualTo(Value.KindCase.NULL_VALUE);
        assertThat(struct.getFieldsOrThrow("g").getNumberValue()).isEqualTo(100);
        assertThat(read("2026-11-23T09:00:00.5+01:00", Timestamp.getDefaultInstance()))
                .isEqualTo(
                        Timestamp.newBuilder()
                                .setSeconds(1_795_420_800L)
                                .setNanos(500_000_000)
                                .build());
        assertThat(read("fooBar,baz.quxQuux", FieldMask.getDefaultInstance()).getPathsList())
                .containsExactly("foo_bar", "baz.qux_quux");
        assertThat(read("'7'", UInt32Value.getDefaultInstance()).getValue()).isEqualTo(7);
        assertThat(read("NaN", DoubleValue.getDefaultInstance()).getValue()).isNaN();
        assertThat(read("-.inf", DoubleValue.getDefaultInstance()).getValue())
                .isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(read("-1.5s", Duration.getDefaultInstance()))
                .isEqualTo(Duration.newBuilder().setSeconds(-1).setNanos(-500_000_000).build());
    }

    @ParameterizedTest
    @CsvSource({
        "4294967295, true",
        "4294967296, false",
        "-1, false",
        "1.0, true",
        "1.5, false",
        "1e3, true",
        "0x10, true",
        "1e999999999, false",
        "1e4000, false",
        "abc, false",
        "'', false",
        "' 1', false"
    })
    void bounds_numbers(String text, boolean fits) {
        assertThat(problems("'" + text + "'", UInt32Value.getDefaultInstance()).isEmpty())
                .as(text)
                .isEqualTo(fits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "1_000", "0x", "+-1", "one"})
    void refuses_what_is_no_double(String text) {
        assertThat(problems(text, DoubleValue.getDefaultInstance())).as(text).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "5 s",
                "315576000001s",
                "1.0000000001s",
                "{seconds: 5}",
                "PT5S",
                "[]",
                "s"
            })
    void refuses_what_is_no_duration(String text) {
        assertThat(problems(text, Duration.getDefaultInstance())).as(text).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-23", "0000-12-31T00:00:00Z", "10000-01-01T00:00:00Z", "now"})
    void refuses_what_is_no_time(String text) {
        assertThat(problems(text, Timestamp.getDefaultInstance())).as(text).hasSize(1);
    }

    @Test
    void refuses_a_key_twice_in_either_spelling() {
        assertThat(problem("{name: a, name: b}", Cluster.getDefaultInstance()).path())
                .isEqualTo("f:1:11 name");
        assertThat(
                        problem("{alt_stat_name: a, altStatName: b}", Cluster.getDefaultInstance())
                                .path())
                .isEqualTo("f:1:20 alt_stat_name");
        assertThat(problem("{a: 1, a: 2}", Struct.getDefaultInstance()).path())
                .isEqualTo("f:1:8 a");
        assertThat(
                        problem(
                                        "typed_extension_protocol_options: {x: {}, x: {}}",
                                        Cluster.getDefaultInstance())
                                .remedy())
                .isEqualTo("remove one of the two");
    }

    @Test
    void refuses_two_fields_of_a_oneof() {
        assertThat(problem("{prefix: /, path: /}", RouteMatch.getDefaultInstance()).got())
                .isEqualTo("path beside prefix");
    }

    @Test
    void refuses_shapes_that_do_not_fit() {
        assertThat(problem("[]", Bootstrap.getDefaultInstance()).expected()).contains("a mapping");
        assertThat(
                        problem(
                                        "{static_resources: {clusters: {}}}",
                                        Bootstrap.getDefaultInstance())
                                .expected())
                .isEqualTo("a list");
        assertThat(problem("{name: {}}", Cluster.getDefaultInstance()).expected())
                .isEqualTo("one value");
        assertThat(
                        problem("{name: yes, respect_dns_ttl: yes}", Cluster.getDefaultInstance())
                                .path())
                .isEqualTo("f:1:30 respect_dns_ttl");
        assertThat(problem("{? [a] : b}", Struct.getDefaultInstance()).expected())
                .isEqualTo("a name as key");
    }

    @Test
    void follows_aliases_and_reads_escapes() {
        Bootstrap bootstrap =
                read(
                        "static_resources:\n  clusters:\n  - &c {name: \"\\u00e9\\/\\uD83D\\uDE00\"}\n  - *c\n",
                        Bootstrap.getDefaultInstance());

        assertThat(bootstrap.getStaticResources().getClustersList())
                .hasSize(2)
                .allMatch(c -> c.getName().equals("é/😀"));
    }

    @Test
    void bounds_alias_bombs_depth_size_and_documents() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append(
                    "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d]\n"
                            .formatted(i, i, i - 1, i - 1, i - 1, i - 1, i - 1));
        }

        assertThat(problem(bomb.toString(), Struct.getDefaultInstance()).got())
                .contains("after aliases are unfolded");
        assertThat(problem("[".repeat(50_000), Struct.getDefaultInstance()).expected())
                .contains("100 levels");
        assertThat(problem("a: &a [*a]", Struct.getDefaultInstance()).got()).isEqualTo("alias *a");
        assertThat(problem("a: *b", Struct.getDefaultInstance()).got()).isEqualTo("alias *b");
        assertThat(problem("a: 1\n---\nb: 1\n", Struct.getDefaultInstance()).got())
                .isEqualTo("a second document");
        assertThat(problem("", Struct.getDefaultInstance()).got()).isEqualTo("an empty document");
        assertThat(problem("x".repeat(10_000_000), Struct.getDefaultInstance()).remedy())
                .contains("split");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: [",
                "a: 'x",
                "\ta: 1",
                "{\"a\": }}",
                "a: \u0001",
                "%YAML 9.9\n---\na: 1",
                "a: [}"
            })
    void says_where_a_document_is_malformed(String text) {
        Problem problem = problem(text, Struct.getDefaultInstance());

        assertThat(problem.path()).startsWith("f:");
        assertThat(problem.expected()).contains("well-formed");
    }

    @Test
    void tags_make_strings_and_nothing_else() {
        assertThat(read("a: !!str 1", Struct.getDefaultInstance()).getFieldsOrThrow("a"))
                .isEqualTo(Value.newBuilder().setStringValue("1").build());
        assertThat(read("!!map {a: !!int 1}", Struct.getDefaultInstance()).getFieldsOrThrow("a"))
                .isEqualTo(Value.newBuilder().setNumberValue(1).build());
        assertThat(problem("a: !secret x", Struct.getDefaultInstance()).got())
                .isEqualTo("the tag \"!secret\"");
        assertThat(problem("!list [1]", com.google.protobuf.ListValue.getDefaultInstance()).got())
                .isEqualTo("the tag \"!list\"");
    }

    @Test
    void says_when_there_are_too_many_problems_to_list() {
        String text = "{a: 1, b: 1, c: 1, d: 1}";

        var refused =
                new DocumentReader(TYPES, new Limits(100, 10, 100, 2))
                        .read(text, "f", Cluster.getDefaultInstance());

        assertThat(refused.problems()).hasSize(3);
        assertThat(refused.problems().getLast().got()).isEqualTo("more than 2 problems");
    }

    @Test
    void reads_a_message_out_of_a_struct_with_the_path_given() {
        Struct good =
                read(
                        "{name: a, connect_timeout: 1s, type: 0, ignore_health_on_host_removal: true}",
                        Struct.getDefaultInstance());
        Struct bad = read("{nam: a, lb_policy: [1]}", Struct.getDefaultInstance());

        assertThat(
                        DocumentReader.read(good, "p", Cluster.getDefaultInstance(), TYPES)
                                .orThrow()
                                .getIgnoreHealthOnHostRemoval())
                .isTrue();
        assertThat(DocumentReader.read(bad, "p", Cluster.getDefaultInstance(), TYPES).problems())
                .extracting(Problem::path)
                .containsExactlyInAnyOrder("p.nam", "p.lb_policy");
    }
}
