"""A client of stock grpcio, with stubs generated from the .proto files that we publish.

Usage: stock_client.py PROTO_FOLDER ADDRESS...
Calls every service at every address and prints what it got as one JSON object.
"""

import array
import importlib
import importlib.util
import json
import sys
import tempfile

import grpc
from grpc_tools import protoc

PROTOS = [
    "music/music.proto",
    "segue/analytics/v1/analytics.proto",
    "grpc/reflection/v1alpha/reflection.proto",
]

RECORDS = [
    ("U1", "S1", "Ana", 200, "Pop"),
    ("U2", "S2", "Bo", 100, ""),
    ("U1", "S3", "Di", 50, "Jazz"),
    ("U1", "S3", "Di", 10, "Jazz"),
]


def generate(proto_folder, out):
    arguments = ["protoc", f"-I{proto_folder}", f"--python_out={out}", f"--grpc_python_out={out}"]
    if protoc.main(arguments + PROTOS) != 0:
        sys.exit("the stubs could not be generated")
    sys.path.insert(0, out)


def unary_calls(channel):
    music = importlib.import_module("music.music_pb2")
    stubs = importlib.import_module("music.music_pb2_grpc")
    records = [
        music.StreamRecord(user_id=user, song_id=song, artist=artist, duration=seconds, genre=genre)
        for user, song, artist, seconds, genre in RECORDS
    ]
    plays = music.StreamList(records=records)
    counts = stubs.MapReduceServiceStub(channel).AggregateStream(plays, timeout=20)
    users = stubs.UserBehaviorServiceStub(channel).AnalyzeUsers(plays, timeout=20)
    genres = stubs.GenreAnalysisServiceStub(channel).AnalyzeGenres(plays, timeout=20)
    recommended = stubs.RecommendationServiceStub(channel).Recommend(
        music.RecommendationRequest(play_counts=counts, user_stats=users), timeout=20
    )
    return {
        "play_counts": dict(counts.play_counts),
        "users": [[user.user_id, user.total_time, user.top_artist] for user in users.user_stats],
        "top_users": list(users.top_users),
        "top_genres": list(genres.top_genres),
        "genre_counts": dict(genres.genre_counts),
        "trending_songs": list(recommended.trending_songs),
        "recommendations": {
            user: list(songs.values) for user, songs in recommended.recommendations.items()
        },
        "has_times": all(
            answer.processing_time > 0 for answer in (counts, users, genres, recommended)
        ),
    }


def refusal(call):
    try:
        call()
    except grpc.RpcError as error:
        return [error.code().name, error.details()]
    return None


def refusals(channel):
    music = importlib.import_module("music.music_pb2")
    stubs = importlib.import_module("music.music_pb2_grpc")
    bad = music.StreamList(records=[music.StreamRecord(user_id="U1", duration=-1)])
    large = music.StreamList(records=[music.StreamRecord(song_id="x" * 3_000_000)])
    users = stubs.UserBehaviorServiceStub(channel)
    counts = stubs.MapReduceServiceStub(channel)
    unknown = channel.unary_unary("/music.NoService/NoCall")
    return {
        "bad_row": refusal(lambda: users.AnalyzeUsers(bad, timeout=20)),
        "unknown": refusal(lambda: unknown(b"", timeout=20)),
        "too_large": refusal(lambda: counts.AggregateStream(large, timeout=20)),
    }


def streaming_call(channel):
    analytics = importlib.import_module("segue.analytics.v1.analytics_pb2")
    stubs = importlib.import_module("segue.analytics.v1.analytics_pb2_grpc")

    def column(added, codes):
        return analytics.StringColumn(added=added, codes=array.array("I", codes).tobytes())

    def batches():
        for first_row in range(0, 300, 100):
            added = [str(code) for code in range(10)] if first_row == 0 else []
            codes = [row % 10 for row in range(100)]
            plays = analytics.PlayBatch(
                first_row=first_row, rows=100, songs=column(added, codes), artists=column(added, codes)
            )
            yield analytics.AggregatePlaysRequest(plays=plays)

    answers = stubs.AnalyticsStreamServiceStub(channel).AggregatePlays(batches(), timeout=20)
    return [[key, count] for answer in answers for key, count in zip(answer.keys, answer.counts)]


def reflected_services(channel, reflection):
    """As grpcurl asks."""
    request, response = reflection.ServerReflectionRequest, reflection.ServerReflectionResponse
    call = channel.stream_stream(
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        request_serializer=request.SerializeToString,
        response_deserializer=response.FromString,
    )
    answer = next(call(iter([request(list_services="")]), timeout=20))
    return [service.name for service in answer.list_services_response.service]


def load_reflection(out):
    """By its file, because the package `grpc` is grpcio's here."""
    spec = importlib.util.spec_from_file_location(
        "reflection_pb2", f"{out}/grpc/reflection/v1alpha/reflection_pb2.py"
    )
    reflection = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reflection)
    return reflection


def main():
    proto_folder, *addresses = sys.argv[1:]
    with tempfile.TemporaryDirectory() as out:
        generate(proto_folder, out)
        reflection = load_reflection(out)
        found = {"unary": []}
        for address in addresses:
            with grpc.insecure_channel(address) as channel:
                found["unary"].append(unary_calls(channel))
                found["refusals"] = refusals(channel)
                found["streamed"] = streaming_call(channel)
                found["services"] = reflected_services(channel, reflection)
        print(json.dumps(found))


if __name__ == "__main__":
    main()
