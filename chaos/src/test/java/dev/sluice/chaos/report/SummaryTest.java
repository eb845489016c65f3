package dev.sluice.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class SummaryTest {
    private static final String JOURNAL =
            """
            {"experiment":{"title":"a < b & \\"c\\""},"duration":2.5,
             "steady_states":{
              "before":{"probes":[{"activity":{"name":"whole"},"duration":0.1,"status":"succeeded",
               "tolerance_met":true,"output":{"status":0}}]},
              "during":[{"probes":[{"activity":{"name":"whole"},"duration":0.1,"status":"succeeded",
               "tolerance_met":false,"output":{"status":1}}]}],
              "after":null},
             "run":[{"activity":{"name":"fault"},"duration":0.2,"status":"succeeded"}],
             "rollbacks":[{"activity":{"name":"heal | all"},"duration":0.2,"status":"failed",
              "exception":["no\\nway \\u0001"]}],
             "x-sluice":{"verdict":"NOT_RESTORED","reasons":["one","two"]}}\
            """;

    private static Summary summary() throws Exception {
        return Summary.of(new JsonMapper().readTree(JOURNAL));
    }

    @Test
    void junit_has_a_case_for_everything_and_says_what_failed() throws Exception {
        byte[] xml = summary().junit().getBytes(StandardCharsets.UTF_8);
        Element suite =
                DocumentBuilderFactory.newDefaultInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(xml))
                        .getDocumentElement();
        assertThat(suite.getAttribute("name")).isEqualTo("a < b & \"c\"");
        assertThat(suite.getAttribute("tests")).isEqualTo("5");
        assertThat(suite.getAttribute("failures")).isEqualTo("3");
        assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(5);
        var failures = suite.getElementsByTagName("failure");
        assertThat(((Element) failures.item(0)).getAttribute("message"))
                .isEqualTo("outside its tolerance: {\"status\":1}");
        assertThat(((Element) failures.item(1)).getAttribute("message")).isEqualTo("no\nway ?");
        assertThat(((Element) failures.item(2)).getAttribute("message")).isEqualTo("one; two");
    }

    @Test
    void markdown_lists_what_was_not_right() throws Exception {
        assertThat(summary().markdown())
                .startsWith("### a < b & \"c\": NOT_RESTORED\n")
                .contains("5 looks and activities in 2.5 s, 3 not right.")
                .contains("| rollbacks | heal \\| all | no way \u0001 |")
                .doesNotContain("| method |");
    }
}
