package dev.sluice.control.admin.search;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.sluice.admin.v1.CatalogServiceGrpc.CatalogServiceImplBase;
import dev.sluice.admin.v1.SearchCatalogRequest;
import dev.sluice.admin.v1.SearchCatalogResponse;
import dev.sluice.admin.v1.SearchCatalogResponse.Hit;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.catalog.Catalog;
import io.grpc.stub.StreamObserver;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Everything that there is, looked through over gRPC. Thread-safe. */
public final class SearchApi extends CatalogServiceImplBase {
    private final Desk desk;
    private final List<Function<Catalog, Stream<? extends Message>>> kinds;

    /**
     * @param kinds all resources of each kind, as people may read them
     */
    public SearchApi(Desk desk, List<Function<Catalog, Stream<? extends Message>>> kinds) {
        this.desk = desk;
        this.kinds = List.copyOf(kinds);
    }

    @Override
    public void searchCatalog(
            SearchCatalogRequest request, StreamObserver<SearchCatalogResponse> observer) {
        Problems problems = Problems.root();
        Optional<SearchQuery> query =
                SearchQuery.parse(request.getQuery(), problems.field("query"));
        Desk.refuseIfAny(problems.all());
        Catalog catalog = desk.now();
        List<Hit> hits =
                kinds.stream()
                        .flatMap(kind -> kind.apply(catalog))
                        .flatMap(resource -> hit(query.orElseThrow(), resource).stream())
                        .sorted(Comparator.comparing(Hit::getName))
                        .toList();
        var page =
                Page.of(
                        hits,
                        request.getPageSize(),
                        request.getPageToken(),
                        Hit::getName,
                        Parsed.Ok::new);
        Desk.done(
                SearchCatalogResponse.newBuilder()
                        .addAllHits(page.resources())
                        .setNextPageToken(page.nextToken())
                        .build(),
                observer);
    }

    private static Optional<Hit> hit(SearchQuery query, Message resource) {
        return query.find(resource)
                .map(places ->
                        Hit.newBuilder()
                                .setName(text(resource, "name"))
                                .setDisplayName(text(resource, "display_name"))
                                .setOwner(text(resource, "owner"))
                                .addAllFields(places)
                                .build());
    }

    /** Empty for a kind that has no such field. */
    private static String text(Message resource, String name) {
        FieldDescriptor field = resource.getDescriptorForType().findFieldByName(name);
        return field == null ? "" : (String) resource.getField(field);
    }
}
