package dev.sluice.chaos.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.sluice.contract.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are read, and what is said of those that are not; the schema says the same. */
class ExperimentReaderTest {
    private static final String YAML =
            """
            title: New arm is slow
            description: Traffic moves back
            tags: [trip]
            controls: [{name: c, provider: {type: python, module: m}}]
            configuration:
              port: {type: env, key: PORT, default: 8080, env_var_type: int}
              toxiproxy_url: http://127.0.0.1:8474
            secrets:
              api: {token: {type: env, key: TOKEN}}
            steady-state-hypothesis:
              title: answers
              probes:
                - type: probe
                  name: answers
                  tolerance: 200
                  provider: {type: http, url: "http://127.0.0.1:${port}/", timeout: [1, 2]}
            method:
              - ref: answers
              - type: action
                name: slow
                background: yes
                pauses: {after: 0.5}
                provider:
                  type: python
                  module: chaostoxi.toxic.actions
                  func: create_toxic
                  arguments: {for_proxy: new, toxic_name: slow, toxic_type: latency, toxicity: 0.5}
            rollbacks:
              - type: action
                name: heal
                provider: {type: process, path: "true", arguments: [a, b]}
            sluice:
              seed: 7
              every: 500ms
              recover: {within: 5s, stable_for: 1m}
              blast_radius: {duration: 30s, toxicity: 0.5}
              witness:
                at_least: 20
                probe: {type: probe, name: hits, provider: {type: http, url: "http://h/hits"}}
              stop:
                - {type: probe, name: down, tolerance: 503, provider: {type: http, url: "http://h"}}
            """;

    private static Experiment read(String text) {
        return ExperimentReader.read(text, "e.yaml").orThrow();
    }

    @Test
    void reads_everything() {
        Experiment experiment = read(YAML);
        assertThat(experiment.title()).isEqualTo("New arm is slow");
        assertThat(experiment.tags()).containsExactly("trip");
        assertThat(experiment.configuration()).containsOnlyKeys("port", "toxiproxy_url");
        assertThat(experiment.secrets().get("api")).containsOnlyKeys("token");
        assertThat(experiment.method())
                .extracting(Activity::name)
                .containsExactly("answers", "slow");
        assertThat(experiment.method().get(1).background()).isTrue();
        assertThat(experiment.method().get(1).place()).isEqualTo("e.yaml:19:5 method[1]");
        assertThat(experiment.rollbackStrategy()).isEqualTo("default");
        Settings settings = experiment.settings();
        assertThat(settings.seed()).contains(7L);
        assertThat(settings.every()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.recovery())
                .contains(new Settings.Recovery(Duration.ofSeconds(5), Duration.ofMinutes(1)));
        assertThat(settings.witness().orElseThrow().atLeast()).isEqualTo(20);
        assertThat(settings.stop()).hasSize(1);
        assertThat(settings.blastRadius().duration()).contains(Duration.ofSeconds(30));
    }

    @Test
    void says_what_has_no_effect() {
        String odd =
                YAML.replace("tags: [trip]", "tags: [trip]\nother: 1").replace("/hits", "/$no");
        assertThat(read(odd).notices())
                .containsExactly(
                        "e.yaml:4:8 other: unknown field, without effect",
                        "e.yaml:5:11 controls: controls are not run",
                        "e.yaml:34:3 sluice: variable $no has no value");
    }

    @Test
    void reports_all_problems_at_once_with_their_places() {
        String wrong =
                YAML.replace("description: Traffic moves back\n", "")
                        .replace("tolerance: 200", "tolerance: 0.5")
                        .replace("create_toxic", "create_chaos")
                        .replace("within: 5s", "within: soon")
                        .replace("ref: answers", "ref: nobody");
        assertThat(ExperimentReader.read(wrong, "e.yaml").problems())
                .extracting(problem -> problem.path())
                .containsExactly(
                        "e.yaml:1:1",
                        "e.yaml:14:18 steady-state-hypothesis.probes[0].tolerance",
                        "e.yaml:17:10 method[0].ref",
                        "e.yaml:23:7 method[1].provider",
                        "e.yaml:34:21 sluice.recover.within");
    }

    private static final String SMALL =
            """
            {"title":"t","description":"d","method":[
            {"type":"action","name":"a","provider":{"type":"process","path":"true"}}]%s}\
            """;

    /** Files that are wrong, as a change to a right one; whether the schema can see it too. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"title\":\"t\"|\"x\":1|no 'title'|true",
                "\"title\":\"t\"|\"title\":7|'7' (expected a text)|true",
                "\"title\":\"t\"|\"title\":\"\"|expected a text that is not empty|true",
                "\"type\":\"action\"|\"type\":\"act\"|'act' (expected probe or action)|true",
                "\"type\":\"process\"|\"type\":\"magic\"|expected one of http, process, python|true",
                "\"path\":\"true\"|\"other\":1|no 'path'|true",
                "\"type\":\"process\",\"path\":\"true\"|\"type\":\"http\"|no 'url'|true",
                "\"type\":\"process\",\"path\":\"true\"|\"type\":\"python\",\"module\":\"m\",\"func\":\"f\""
                        + "|the call m.f of 'a'|false",
                "\"path\":\"true\"|\"path\":\"true\",\"timeout\":\"x\"|expected seconds|true",
                "]}|],\"sluice\":{\"sed\":1}}|an unknown field|true",
                "]}|],\"sluice\":{\"seed\":1.5}}|a whole number of 64 bits|true",
                "]}|],\"sluice\":{\"recover\":{}}}|no 'within'|true",
                "]}|],\"sluice\":{\"every\":\"1 day\"}}|'1 day' (expected a number with ms, s, m or h|true",
                "]}|],\"sluice\":{\"blast_radius\":{\"toxicity\":2}}}|above 0, at most 1|true",
                "]}|],\"runtime\":{\"rollbacks\":{\"strategy\":\"x\"}}}|expected one of default, always|true",
                "]}|],\"rollbacks\":{}}|an object (expected a list)|true",
                "]}|],\"secrets\":{\"a\":{\"b\":{\"type\":\"vault\"}}}}|a secret in a vault|true",
                "]}|],\"title\":\"again\"}|a second 'title'|false",
                "]}|]|expected well-formed YAML or JSON|false",
            })
    void refuses(String from, String to, String words, boolean schemaToo) throws IOException {
        String right = SMALL.formatted("");
        String wrong = right.replace(from, to);
        assertThat(wrong).isNotEqualTo(right);
        Parsed<Experiment> parsed = ExperimentReader.read(wrong, "e.json");
        assertThat(parsed.problems()).isNotEmpty();
        assertThat(((Parsed.Refused<Experiment>) parsed).message())
                .contains(words)
                .contains("e.json:");
        if (schemaToo) {
            assertThat(schemaSays(wrong)).as("what the schema says of %s", wrong).isNotEmpty();
        }
    }

    @Test
    void refuses_a_toxic_beyond_the_blast_radius() {
        String wrong = YAML.replace("toxicity: 0.5}\n  witness", "toxicity: 0.4}\n  witness");
        assertThat(((Parsed.Refused<Experiment>) ExperimentReader.read(wrong, "e.yaml")).message())
                .contains("method[1]: a toxicity of 0.5 (expected at most 0.4, the blast radius)");
    }

    @Test
    void schema_accepts_what_the_reader_accepts() throws IOException {
        assertThat(schemaSays(SMALL.formatted(""))).isEmpty();
        assertThat(schemaSays(read(YAML).source().toString())).isEmpty();
    }

    static List<String> schemaSays(String json) throws IOException {
        var mapper = new JsonMapper();
        var schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(
                                mapper.readTree(
                                        Files.readString(
                                                Path.of("schema/experiment.schema.json"))));
        return schema.validate(mapper.readTree(json)).stream().map(Object::toString).toList();
    }
}
