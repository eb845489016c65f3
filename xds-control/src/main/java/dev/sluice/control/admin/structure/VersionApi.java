package dev.sluice.control.admin.structure;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.CreateVersionRequest;
import dev.sluice.admin.v1.DeleteVersionRequest;
import dev.sluice.admin.v1.GetVersionRequest;
import dev.sluice.admin.v1.ListVersionsRequest;
import dev.sluice.admin.v1.ListVersionsResponse;
import dev.sluice.admin.v1.UpdateVersionRequest;
import dev.sluice.admin.v1.Version;
import dev.sluice.admin.v1.VersionServiceGrpc.VersionServiceImplBase;
import dev.sluice.contract.VersionName;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.admin.desk.Parent;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.stream.Stream;

/** Versions over gRPC. Thread-safe. */
public final class VersionApi extends VersionServiceImplBase {
    private final Desk desk;
    private final VersionForm form;

    /**
     * @param clock what ends are told by
     */
    public VersionApi(Desk desk, InstantSource clock) {
        this.form = new VersionForm(clock);
        this.desk = desk;
    }

    /** All of them, to be looked through. */
    public static Stream<Version> all(Catalog catalog) {
        return catalog.versions().stream().map(VersionForm::describe);
    }

    @Override
    public void getVersion(GetVersionRequest request, StreamObserver<Version> observer) {
        VersionName name = Desk.name(VersionName.parse(request.getName()));
        var catalog = desk.now();
        Desk.done(form.write(Desk.found(catalog.version(name), name), catalog), observer);
    }

    @Override
    public void listVersions(
            ListVersionsRequest request, StreamObserver<ListVersionsResponse> observer) {
        var catalog = desk.now();
        var parent = Parent.parse(request.getParent());
        var page =
                Page.of(
                        catalog.versions().stream()
                                .filter(found -> parent.has(found.name().service()))
                                .toList(),
                        request.getPageSize(),
                        request.getPageToken(),
                        dev.sluice.control.catalog.Version::name,
                        VersionName::parse);
        var answer = ListVersionsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(found -> answer.addVersions(form.write(found, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void createVersion(CreateVersionRequest request, StreamObserver<Version> observer) {
        desk.create(
                form,
                request.getVersion().toBuilder()
                        .setName(request.getParent() + "/versions/" + request.getVersionId())
                        .build(),
                Command.CreateVersion::new,
                new Conditions(request.getRequestId(), request.getValidateOnly(), "", ""),
                dev.sluice.control.catalog.Version.class,
                observer);
    }

    @Override
    public void updateVersion(UpdateVersionRequest request, StreamObserver<Version> observer) {
        Version wanted = request.getVersion();
        VersionName name = Desk.name(VersionName.parse(wanted.getName()));
        var present = Desk.found(desk.now().version(name), name);
        desk.update(
                form,
                present,
                wanted,
                request.getUpdateMask(),
                Command.UpdateVersion::new,
                Conditions.ofMerge(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        wanted.getEtag(),
                        present),
                dev.sluice.control.catalog.Version.class,
                observer);
    }

    @Override
    public void deleteVersion(DeleteVersionRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.DeleteVersion(Desk.name(VersionName.parse(request.getName()))),
                new Conditions(
                        request.getRequestId(), request.getValidateOnly(), request.getEtag(), ""),
                Empty.getDefaultInstance(),
                observer);
    }
}
