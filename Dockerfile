# docker build -t claims .
# docker run -v "$PWD/data:/data" -p 8001:8001 claims
# docker run -v "$PWD/data:/data" -v "$PWD/corpus:/corpus:ro" claims ingest /corpus
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/claims \
    && /opt/claims/bin/pip install --no-cache-dir --disable-pip-version-check .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home claims
COPY --from=build /opt/claims /opt/claims
ENV PATH=/opt/claims/bin:$PATH CLAIMS_DB=/data/claims.db PYTHONUNBUFFERED=1
USER claims
WORKDIR /data
VOLUME /data
EXPOSE 8001
ENTRYPOINT ["claims"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8001"]
