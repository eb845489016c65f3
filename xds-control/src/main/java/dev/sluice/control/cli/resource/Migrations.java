package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.CreateMigrationRequest;
import dev.sluice.admin.v1.DeleteMigrationRequest;
import dev.sluice.admin.v1.GetMigrationRequest;
import dev.sluice.admin.v1.ListMigrationsRequest;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationServiceGrpc;
import dev.sluice.admin.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.sluice.admin.v1.UpdateMigrationRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;
import java.util.List;

/** Migrations. Immutable. */
public final class Migrations implements Kind<Migration> {
    public static final Shape SHAPE = new Shape(List.of("migrations"));

    @Override
    public String noun() {
        return "migration";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public Migration prototype() {
        return Migration.getDefaultInstance();
    }

    @Override
    public List<Column<Migration>> columns(Words words) {
        return List.of(
                new Column<>("NAME", it -> SHAPE.brief(it.getName())),
                new Column<>("TARGET", Migration::getTarget),
                new Column<>("STATE", it -> it.getState().name()),
                new Column<>("PHASE", Migrations::phase),
                new Column<>("RISK", it -> it.getRisk().name()),
                new Column<>("OWNER", it -> Words.orDash(it.getOwner())),
                new Column<>("WHY", it -> Words.orDash(it.getStatusMessage())));
    }

    /** The phase, and how far it is within it: {@code RAMP (MOVING)}. */
    public static String phase(Migration migration) {
        return migration.getPhase() + " (" + migration.getProgress() + ")";
    }

    @Override
    public Migration get(Channel channel, String name) {
        return stub(channel).getMigration(GetMigrationRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<Migration> list(Channel channel, String parent, String pageToken) {
        var page =
                stub(channel)
                        .listMigrations(
                                ListMigrationsRequest.newBuilder().setPageToken(pageToken).build());
        return new Listing<>(page.getMigrationsList(), page.getNextPageToken());
    }

    @Override
    public Migration create(Channel channel, Migration migration, Change change) {
        return stub(channel)
                .createMigration(
                        CreateMigrationRequest.newBuilder()
                                .setMigrationId(Shape.id(migration.getName()))
                                .setMigration(migration)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public Migration update(Channel channel, Migration migration, FieldMask mask, Change change) {
        var request =
                UpdateMigrationRequest.newBuilder()
                        .setMigration(migration)
                        .setRequestId(change.requestId())
                        .setValidateOnly(change.validateOnly());
        if (mask.getPathsCount() > 0) {
            request.setUpdateMask(mask);
        }
        return stub(channel).updateMigration(request.build());
    }

    @Override
    public void delete(Channel channel, String name, String etag, Change change) {
        var unused =
                stub(channel)
                        .deleteMigration(
                                DeleteMigrationRequest.newBuilder()
                                        .setName(name)
                                        .setEtag(etag)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
    }

    private static MigrationServiceBlockingStub stub(Channel channel) {
        return MigrationServiceGrpc.newBlockingStub(channel);
    }
}
