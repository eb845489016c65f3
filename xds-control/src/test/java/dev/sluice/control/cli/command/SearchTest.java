package dev.sluice.control.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.v1.CatalogServiceGrpc.CatalogServiceImplBase;
import dev.sluice.admin.v1.SearchCatalogRequest;
import dev.sluice.admin.v1.SearchCatalogResponse;
import dev.sluice.control.cli.CommandRun;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchTest {
    @Test
    void terms_that_the_shell_took_apart_stay_apart_and_all_pages_are_shown() throws IOException {
        var answers = new Answers();
        try (var cli = new CommandRun(answers)) {
            CommandRun.Result found =
                    cli.run("search", "--", "shop", "owner:shop team", "-risk:LOW", "a b");

            assertThat(found.exitCode()).as(found.err()).isZero();
            assertThat(found.out()).contains("gates/first", "gates/second", "tables[0]");
            assertThat(answers.queries)
                    .hasSize(2)
                    .containsOnly("shop owner:\"shop team\" -risk:LOW \"a b\"");
        }
    }

    private static final class Answers extends CatalogServiceImplBase {
        private final List<String> queries = new ArrayList<>();

        @Override
        public void searchCatalog(
                SearchCatalogRequest request, StreamObserver<SearchCatalogResponse> observer) {
            queries.add(request.getQuery());
            boolean first = request.getPageToken().isEmpty();
            var answer = SearchCatalogResponse.newBuilder().setNextPageToken(first ? "more" : "");
            answer.addHitsBuilder()
                    .setName(first ? "gates/first" : "gates/second")
                    .addFields("tables[0]");
            observer.onNext(answer.build());
            observer.onCompleted();
        }
    }
}
