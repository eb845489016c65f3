package dev.sluice.control.admin.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.Migration;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SearchQueryTest {
    private static final Migration NAMES =
            Migration.newBuilder()
                    .setName("migrations/names")
                    .setOwner("Shop Team")
                    .putLabels("team", "pay")
                    .setRisk(Migration.Risk.HIGH)
                    .addTables("db/customers")
                    .addTables("db/orders")
                    .setThroughput(Migration.Throughput.newBuilder().setReadsPerSecond(1_234))
                    .build();

    @Test
    void every_term_must_hold_somewhere_and_says_where() {
        assertThat(find("ORDERS 1234"))
                .contains(List.of("tables[1]", "throughput.reads_per_second"));
        assertThat(find("orders nobody")).isEmpty();
    }

    @Test
    void a_field_is_named_without_its_places_and_with_what_it_holds() {
        assertThat(find("tables:orders")).contains(List.of("tables[1]"));
        assertThat(find("throughput:1234")).contains(List.of("throughput.reads_per_second"));
        assertThat(find("labels.team:pay")).contains(List.of("labels.team"));
        assertThat(find("risk:high")).contains(List.of("risk"));
        assertThat(find("name:orders")).isEmpty();
        assertThat(find("table:orders")).as("no such field").isEmpty();
    }

    @Test
    void quotes_hold_blanks_together_and_a_minus_asks_for_absence() {
        assertThat(find("\"shop team\"")).contains(List.of("owner"));
        assertThat(find("owner:\"shop team\" -risk:LOW")).contains(List.of("owner"));
        assertThat(find("shop -customers")).isEmpty();
        assertThat(find("\"owner:shop\"")).as("a text with a colon").isEmpty();
    }

    @Test
    void bytes_are_not_looked_through_and_messages_in_lists_are() {
        var question =
                EvaluateGateRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("needle"))
                        .addHeaders(EvaluateGateRequest.Header.newBuilder().setName("needle"))
                        .build();

        assertThat(query("needle").find(question)).contains(List.of("headers[0].name"));
        assertThat(query("needle").find(Gate.getDefaultInstance())).isEmpty();
    }

    @Test
    void what_is_no_query_is_told() {
        assertThat(List.of("", "   ", "\"open", "a \"b\"c", "a \""))
                .allSatisfy(text -> {
                    Problems problems = Problems.root();

                    assertThat(SearchQuery.parse(text, problems.field("query"))).isEmpty();
                    assertThat(problems.all()).extracting(Problem::path).containsExactly("query");
                });
    }

    @Test
    void seventeen_terms_or_a_long_text_are_too_much() {
        Problems problems = Problems.root();

        assertThat(SearchQuery.parse("a ".repeat(17), problems)).isEmpty();
        assertThat(SearchQuery.parse("a".repeat(1_025), problems)).isEmpty();
        assertThat(SearchQuery.parse("a ".repeat(16), Problems.root())).isPresent();
    }

    private static Optional<List<String>> find(String query) {
        return query(query).find(NAMES);
    }

    private static SearchQuery query(String text) {
        return SearchQuery.parse(text, Problems.root()).orElseThrow();
    }
}
