package dev.sluice.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.chaos.load.Answer;
import dev.sluice.chaos.load.Entry;
import dev.sluice.chaos.load.Ledger;
import dev.sluice.chaos.load.Planned;
import dev.sluice.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Pages are read back as XML. */
class HtmlPageTest {
    private static final String JOURNAL =
            """
            {"experiment":{"title":"a < b & \\"c\\""},"duration":2.5,
             "steady_states":{"before":null,"during":[],"after":null},
             "run":[{"activity":{"name":"fault"},"duration":0.2,"status":"succeeded"}],
             "rollbacks":[{"activity":{"name":"heal"},"duration":0.2,"status":"failed",
              "exception":["no <way>"]}],
             "x-sluice":{"verdict":"DEVIATED","seed":7,"reasons":["it & broke"]%s}}\
            """;
    private static final String WINDOW =
            """
            ,"window":{"from":"2026-01-01T00:00:04Z","to":"2026-01-01T00:00:06Z"}\
            """;

    private static Document page(String own, Optional<Ledger> ledger) throws Exception {
        String page = HtmlPage.of(new JsonMapper().readTree(JOURNAL.formatted(own)), ledger);
        assertThat(page).startsWith("<!DOCTYPE html>\n");
        String xml = page.substring(page.indexOf('\n') + 1);
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    /** Ten seconds of ten requests each; while faults are on, NEW is slow and LEGACY fails. */
    private static Ledger ledger() {
        Ledger ledger = new Ledger(ManualClock.START, 100);
        for (int i = 0; i < 100; i++) {
            boolean faulty = i >= 40 && i < 60;
            String arm = i % 2 == 0 ? "NEW" : "LEGACY";
            long intended = i * 100_000_000L;
            long millis = faulty && arm.equals("NEW") ? 200 : 10;
            Answer answer =
                    new Answer.Complete(
                            faulty && arm.equals("LEGACY") ? 503 : 200,
                            Optional.empty(),
                            Optional.of(
                                    "gate=\"o\", arm=%s, mode=OFF, reason=SHARE, share=500000"
                                            .formatted(arm)),
                            new Answer.Body(
                                    0,
                                    "",
                                    OptionalLong.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    OptionalLong.empty()));
            ledger.add(
                    new Entry(
                            new Planned(i, "k", 0, Planned.Operation.READ, intended),
                            intended,
                            intended + millis * 1_000_000,
                            answer));
        }
        return ledger;
    }

    private static List<String> texts(Document page, String tag) {
        NodeList nodes = page.getElementsByTagName(tag);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    @Test
    void a_page_without_load_has_the_verdict_and_every_case() throws Exception {
        Document page = page("", Optional.empty());
        assertThat(texts(page, "h1")).containsExactly("a < b & \"c\"");
        assertThat(texts(page, "p")).containsExactly("DEVIATED in 2.5 s, seed 7", "it & broke");
        assertThat(texts(page, "td"))
                .contains("fault", "heal", "no <way>")
                .doesNotContain("before faults");
        assertThat(texts(page, "svg")).isEmpty();
    }

    @Test
    void a_page_needs_nothing_from_elsewhere() throws Exception {
        String page =
                HtmlPage.of(
                        new JsonMapper().readTree(JOURNAL.formatted(WINDOW)),
                        Optional.of(ledger()));
        assertThat(page).doesNotContain("http", "<script", "<link", "<img", "url(");
    }

    @Test
    void every_colour_is_there_for_light_and_dark() throws Exception {
        String style = texts(page("", Optional.empty()), "style").getFirst();
        int dark = style.indexOf("@media(prefers-color-scheme:dark)");
        int rules = style.indexOf("body{");
        assertThat(dark).isPositive();
        List<String> used = found("var\\((--[a-z]+)\\)", style.substring(rules));

        assertThat(used).contains("--page", "--text", "--legacy", "--new");
        assertThat(found("(--[a-z]+):", style.substring(0, dark))).containsAll(used);
        assertThat(found("(--[a-z]+):", style.substring(dark, rules)))
                .contains("--page", "--text", "--line", "--bad", "--legacy", "--new");
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map(one -> one.group(1)).toList();
    }

    @Test
    void the_time_of_faults_is_shaded_over_share_errors_and_latency() throws Exception {
        Document page = page(WINDOW, Optional.of(ledger()));
        assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(3);
        NodeList shades = page.getElementsByTagName("rect");
        assertThat(shades.getLength()).isEqualTo(3);
        // The scale goes from 60 to 900 for 10 seconds: faults were on from 4 to 6.
        Element shade = (Element) shades.item(0);
        assertThat(shade.getAttribute("x")).isEqualTo("396.0");
        assertThat(shade.getAttribute("width")).isEqualTo("168.0");
    }

    @Test
    void faults_are_named_and_only_arms_that_were_there_are_drawn() throws Exception {
        String faults =
                """
                ,"faults":[{"name":"slow","gate":"gates/o","arm":"NEW"},{"name":"<cut>"}]\
                """;
        Document page = page(WINDOW + faults, Optional.of(ledger()));
        assertThat(texts(page, "p"))
                .contains(
                        "Faults were on where the charts are shaded: slow on gates/o NEW, <cut>.");
        assertThat(texts(page, "figcaption"))
                .containsExactly(
                        "Share of decided requests, % NEW",
                        "Errors a second LEGACY NEW",
                        "Latency of good answers, 99th percentile, ms LEGACY NEW");
    }

    @Test
    void scales_have_steps_that_are_read_at_a_glance() throws Exception {
        Document page = page(WINDOW, Optional.of(ledger()));
        assertThat(texts(page, "text")).contains("0", "50", "100", "150", "200");
    }

    @Test
    void numbers_are_told_before_while_and_after() throws Exception {
        Document page = page(WINDOW, Optional.of(ledger()));
        List<String> rows = texts(page, "tr");
        assertThat(rows)
                .contains(
                        "before faultsall40010.010.010.0",
                        "while faults were onall2010200.0200.0200.0",
                        "while faults were onLEGACY1010–––",
                        "while faults were onNEW100200.0200.0200.0",
                        "after faultsNEW20010.010.010.0");
    }

    @Test
    void without_a_window_nothing_is_shaded() throws Exception {
        Document page = page("", Optional.of(ledger()));
        assertThat(page.getElementsByTagName("rect").getLength()).isZero();
        assertThat(texts(page, "p")).contains("No fault was on.");
    }

    @Test
    void an_empty_ledger_makes_a_page_too() throws Exception {
        Document page = page(WINDOW, Optional.of(new Ledger(ManualClock.START, 0)));
        assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(3);
        assertThat(page.getElementsByTagName("polyline").getLength()).isZero();
    }

    @Test
    void a_ledger_without_arms_says_how_to_ask_for_them() throws Exception {
        Document without = page(WINDOW, Optional.of(new Ledger(ManualClock.START, 0)));
        Document with = page(WINDOW, Optional.of(ledger()));
        assertThat(without.getDocumentElement().getTextContent()).contains("x-sluice-explain=1");
        assertThat(with.getDocumentElement().getTextContent()).doesNotContain("x-sluice-explain");
    }

    @Test
    void a_long_load_has_longer_slots_and_each_request_its_slot() {
        Ledger ledger = new Ledger(ManualClock.START, 2);
        for (long seconds : new long[] {0, 3599}) {
            long intended = seconds * 1_000_000_000;
            ledger.add(
                    new Entry(
                            new Planned(seconds, "k", 0, Planned.Operation.READ, intended),
                            intended,
                            intended,
                            new Answer.NotSent()));
        }
        Timeline timeline = Timeline.of(ledger.entries());
        assertThat(timeline.slots()).hasSizeLessThanOrEqualTo(120);
        assertThat(timeline.seconds()).isBetween(3599.0, 3660.0);
        assertThat(timeline.slots().getLast().errors("undecided")).isEqualTo(1);
        assertThat(Timeline.of(ledger().entries()).slots())
                .hasSize(100)
                .allSatisfy(slot -> assertThat(slot.groups().getFirst().requests()).isEqualTo(1));
    }

    @Test
    void a_line_has_a_gap_where_there_is_no_value() {
        Ledger ledger = new Ledger(ManualClock.START, 2);
        ledger().entries().stream()
                .filter(entry -> entry.planned().id() < 10 || entry.planned().id() > 50)
                .forEach(ledger::add);
        Timeline timeline = Timeline.of(ledger.entries());
        String svg =
                new Chart(
                                "t",
                                timeline,
                                List.of(new Chart.Series("NEW", Timeline.Slot::share)),
                                Optional.of(100.0),
                                Optional.empty())
                        .svg();
        assertThat(svg.split("<polyline", -1)).hasSize(3);
    }
}
