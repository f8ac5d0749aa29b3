# A worker: the program and a JRE. The agents' own CLIs are not in it; add those that you use in an
# image of your own, FROM this one.
FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN mvn -B -Dquick -DskipTests -pl cli -am package dependency:copy-dependencies \
      -DincludeScope=runtime -DoutputDirectory=/opt/aidp/lib \
 && cp cli/target/cli-*.jar /opt/aidp/lib/

FROM eclipse-temurin:25-jre
RUN apt-get update \
 && apt-get install -y --no-install-recommends git procps \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --shell /bin/bash aidp \
 && install -d -o aidp -g aidp /work
COPY --from=build /opt/aidp/lib /opt/aidp/lib
USER aidp
WORKDIR /work
ENV LANG=C.UTF-8
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError", \
            "--enable-native-access=ALL-UNNAMED", "-Dfile.encoding=UTF-8", \
            "-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8", \
            "-cp", "/opt/aidp/lib/*", "dev.aidp.cli.Main"]
CMD ["worker"]
