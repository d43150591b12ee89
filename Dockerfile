# docker build -t auditkit .
# docker run -v "$PWD:/data" auditkit run /data/audit.yaml
# Gradients (white-box attacks, training) need libtorch, 600 MB: docker build --build-arg LIBTORCH=true -t auditkit .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends nodejs npm \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
ARG LIBTORCH=false
ENV XDG_DATA_HOME=/opt/share
RUN mkdir -p /opt/share && ./auditkit --version && if [ "$LIBTORCH" = true ]; then ./auditkit setup; fi

FROM mcr.microsoft.com/dotnet/runtime:10.0
RUN apt-get update \
    && apt-get install -y --no-install-recommends nodejs \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /source/.build/cli /opt/auditkit
COPY --from=build /opt/share /opt/share
# Nothing is written but the run's folder and temporary files, so that any --user will do; 1000 is most people's own.
ENV XDG_DATA_HOME=/opt/share HOME=/tmp
USER 1000:1000
WORKDIR /data
ENTRYPOINT ["dotnet", "/opt/auditkit/AuditKit.Cli.dll"]
CMD ["--help"]
