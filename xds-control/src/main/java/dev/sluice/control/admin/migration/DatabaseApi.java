package dev.sluice.control.admin.migration;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.CreateDatabaseRequest;
import dev.sluice.admin.v1.Database;
import dev.sluice.admin.v1.DatabaseServiceGrpc.DatabaseServiceImplBase;
import dev.sluice.admin.v1.DeleteDatabaseRequest;
import dev.sluice.admin.v1.GetDatabaseRequest;
import dev.sluice.admin.v1.ListDatabasesRequest;
import dev.sluice.admin.v1.ListDatabasesResponse;
import dev.sluice.admin.v1.UpdateDatabaseRequest;
import dev.sluice.contract.DatabaseName;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import io.grpc.stub.StreamObserver;
import java.util.stream.Stream;

/** Databases over gRPC. Thread-safe. */
public final class DatabaseApi extends DatabaseServiceImplBase {
    private static final DatabaseForm FORM = new DatabaseForm();

    private final Desk desk;

    public DatabaseApi(Desk desk) {
        this.desk = desk;
    }

    /** All of them, to be looked through. */
    public static Stream<Database> all(Catalog catalog) {
        return catalog.databases().stream().map(it -> FORM.write(it, catalog));
    }

    @Override
    public void getDatabase(GetDatabaseRequest request, StreamObserver<Database> observer) {
        Desk.done(FORM.write(found(request.getName()), desk.now()), observer);
    }

    @Override
    public void listDatabases(
            ListDatabasesRequest request, StreamObserver<ListDatabasesResponse> observer) {
        var catalog = desk.now();
        var page =
                Page.of(
                        catalog.databases(),
                        request.getPageSize(),
                        request.getPageToken(),
                        dev.sluice.control.catalog.Database::name,
                        DatabaseName::parse);
        var answer = ListDatabasesResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(found -> answer.addDatabases(FORM.write(found, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void createDatabase(CreateDatabaseRequest request, StreamObserver<Database> observer) {
        desk.create(
                FORM,
                request.getDatabase().toBuilder()
                        .setName("databases/" + request.getDatabaseId())
                        .build(),
                Command.CreateDatabase::new,
                new Conditions(request.getRequestId(), request.getValidateOnly(), "", ""),
                dev.sluice.control.catalog.Database.class,
                observer);
    }

    @Override
    public void updateDatabase(UpdateDatabaseRequest request, StreamObserver<Database> observer) {
        Database wanted = request.getDatabase();
        var present = found(wanted.getName());
        desk.update(
                FORM,
                present,
                wanted,
                request.getUpdateMask(),
                Command.UpdateDatabase::new,
                Conditions.ofMerge(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        wanted.getEtag(),
                        present),
                dev.sluice.control.catalog.Database.class,
                observer);
    }

    @Override
    public void deleteDatabase(DeleteDatabaseRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.DeleteDatabase(name(request.getName())),
                new Conditions(
                        request.getRequestId(), request.getValidateOnly(), request.getEtag(), ""),
                Empty.getDefaultInstance(),
                observer);
    }

    private dev.sluice.control.catalog.Database found(String name) {
        DatabaseName parsed = name(name);
        return Desk.found(desk.now().database(parsed), parsed);
    }

    private static DatabaseName name(String text) {
        return Desk.name(DatabaseName.parse(text));
    }
}
