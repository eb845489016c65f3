package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.CatalogServiceGrpc;
import dev.sluice.admin.v1.SearchCatalogRequest;
import dev.sluice.admin.v1.SearchCatalogResponse;
import dev.sluice.admin.v1.SearchCatalogResponse.Hit;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Finds resources by what stands in them. For one run. */
@Command(
        name = "search",
        description = {
            "Finds resources of every kind by what stands in them. Every term must hold: TEXT",
            "anywhere, FIELD:TEXT in a field, such as risk:HIGH, owner:shop or tables:orders, and",
            "after `-` (put `--` before all terms then) what must not hold."
        })
public final class Search implements Callable<Integer> {
    private static final List<Column<Hit>> COLUMNS =
            List.of(
                    new Column<>("NAME", Hit::getName),
                    new Column<>("TITLE", hit -> Words.orDash(hit.getDisplayName())),
                    new Column<>("OWNER", hit -> Words.orDash(hit.getOwner())),
                    new Column<>("FOUND IN", hit -> Words.joined(hit.getFieldsList())));

    private final Session session;

    @Parameters(arity = "1..*", paramLabel = "TERM", description = "What must hold of each")
    private List<String> terms = List.of();

    public Search(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var stub = CatalogServiceGrpc.newBlockingStub(session.channel());
        List<Hit> hits = new ArrayList<>();
        String page = "";
        do {
            SearchCatalogResponse answer =
                    stub.searchCatalog(
                            SearchCatalogRequest.newBuilder()
                                    .setQuery(query())
                                    .setPageToken(page)
                                    .build());
            hits.addAll(answer.getHitsList());
            page = answer.getNextPageToken();
        } while (!page.isEmpty());
        session.printer().many(hits, COLUMNS);
        return ExitCode.OK.number();
    }

    /** What the shell has taken apart is one term each. */
    private String query() {
        return String.join(" ", terms.stream().map(Search::quoted).toList());
    }

    private static String quoted(String term) {
        if (term.indexOf(' ') < 0 || term.indexOf('"') >= 0) {
            return term;
        }
        int text = term.matches("-?[a-z][a-z0-9_.-]*:.*") ? term.indexOf(':') + 1 : 0;
        return term.substring(0, text) + '"' + term.substring(text) + '"';
    }
}
