package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.CreateDatabaseRequest;
import dev.sluice.admin.v1.Database;
import dev.sluice.admin.v1.DatabaseServiceGrpc;
import dev.sluice.admin.v1.DatabaseServiceGrpc.DatabaseServiceBlockingStub;
import dev.sluice.admin.v1.DeleteDatabaseRequest;
import dev.sluice.admin.v1.GetDatabaseRequest;
import dev.sluice.admin.v1.ListDatabasesRequest;
import dev.sluice.admin.v1.UpdateDatabaseRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;
import java.util.List;
import java.util.function.ToIntFunction;

/** Databases. Immutable. */
public final class Databases implements Kind<Database> {
    public static final Shape SHAPE = new Shape(List.of("databases"));

    @Override
    public String noun() {
        return "database";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public Database prototype() {
        return Database.getDefaultInstance();
    }

    @Override
    public List<Column<Database>> columns(Words words) {
        return List.of(
                new Column<>("NAME", database -> SHAPE.brief(database.getName())),
                new Column<>("STORE", Database::getStore),
                new Column<>(
                        "LOCKS",
                        database ->
                                taken(
                                        database,
                                        use -> use.getLocks() ? 1 : 0,
                                        database.hasLocks(),
                                        database.getLocks())),
                new Column<>(
                        "IO %",
                        database ->
                                taken(
                                        database,
                                        Database.Use::getIoPercent,
                                        database.hasIoPercent(),
                                        database.getIoPercent())),
                new Column<>(
                        "REPLICATION %",
                        database ->
                                taken(
                                        database,
                                        Database.Use::getReplicationPercent,
                                        database.hasReplicationPercent(),
                                        database.getReplicationPercent())));
    }

    /** What is taken, of what there is. */
    private static String taken(
            Database database, ToIntFunction<Database.Use> of, boolean bounded, int most) {
        int taken = database.getUsesList().stream().mapToInt(of).sum();
        return taken + "/" + (bounded ? Integer.toString(most) : "any");
    }

    @Override
    public Database get(Channel channel, String name) {
        return stub(channel).getDatabase(GetDatabaseRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<Database> list(Channel channel, String parent, String pageToken) {
        var page =
                stub(channel)
                        .listDatabases(
                                ListDatabasesRequest.newBuilder().setPageToken(pageToken).build());
        return new Listing<>(page.getDatabasesList(), page.getNextPageToken());
    }

    @Override
    public Database create(Channel channel, Database database, Change change) {
        return stub(channel)
                .createDatabase(
                        CreateDatabaseRequest.newBuilder()
                                .setDatabaseId(Shape.id(database.getName()))
                                .setDatabase(database)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public Database update(Channel channel, Database database, FieldMask mask, Change change) {
        var request =
                UpdateDatabaseRequest.newBuilder()
                        .setDatabase(database)
                        .setRequestId(change.requestId())
                        .setValidateOnly(change.validateOnly());
        if (mask.getPathsCount() > 0) {
            request.setUpdateMask(mask);
        }
        return stub(channel).updateDatabase(request.build());
    }

    @Override
    public void delete(Channel channel, String name, String etag, Change change) {
        var unused =
                stub(channel)
                        .deleteDatabase(
                                DeleteDatabaseRequest.newBuilder()
                                        .setName(name)
                                        .setEtag(etag)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
    }

    public static DatabaseServiceBlockingStub stub(Channel channel) {
        return DatabaseServiceGrpc.newBlockingStub(channel);
    }
}
