//! Events for whoever acts on them.

use std::sync::Arc;

use punctual::event::{ConsumerId, Kind};
use punctual::store::{CheckpointStore, Limit, Partitions};
use punctual_memory::{MemoryCheckpoints, MemoryStore};

use super::desk::{Desk, HOTLINE, play};

const RECEIVED: &str = r#"{"type":"receive"}"#;

fn mailer() -> ConsumerId {
    ConsumerId::new("mailer").unwrap()
}

#[test]
fn what_was_not_committed_comes_again() {
    play(async {
        let desk = Desk::open().await;
        let checkpoints: Arc<dyn CheckpointStore> = Arc::new(MemoryCheckpoints::default());
        desk.tell("T-1", RECEIVED).await;
        let mut first = desk
            .engine
            .consumer(mailer(), checkpoints.clone())
            .await
            .unwrap();
        let seen = first.next().await.unwrap();
        assert_eq!(seen.len(), 2);
        drop(first); // before it had sent anything

        let mut second = desk
            .engine
            .consumer(mailer(), checkpoints.clone())
            .await
            .unwrap();
        assert_eq!(second.next().await.unwrap(), seen);
        second.commit().await.unwrap();
        assert_eq!(second.next_ready().await.unwrap(), []);

        desk.tell("T-2", RECEIVED).await;
        let mut third = desk.engine.consumer(mailer(), checkpoints).await.unwrap();
        let news = third.next().await.unwrap();
        assert!(news.iter().all(|event| event.stream == desk.name("T-2")));
    });
}

#[test]
fn a_consumer_waits_for_news_and_sees_its_kinds_alone() {
    play(async {
        let desk = Desk::on(
            Arc::new(MemoryStore::with_partitions(Partitions::new(4).unwrap())),
            "09:00",
        )
        .await;
        desk.publish(HOTLINE).await;
        let checkpoints = Arc::new(MemoryCheckpoints::default());
        let consumer = desk.engine.consumer(mailer(), checkpoints).await.unwrap();
        let mut consumer = consumer
            .only(&[Kind::Escalated])
            .with_page(Limit::events(3));
        let work = async {
            for number in 0..30 {
                desk.tell(&format!("T-{number}"), RECEIVED).await;
            }
            tokio::task::yield_now().await;
            desk.tick_at("12:00").await;
        };
        let listen = async {
            let mut told = Vec::new();
            while told.len() < 90 {
                told.extend(consumer.next().await.unwrap());
                consumer.commit().await.unwrap();
            }
            told
        };
        let (told, ()) = tokio::join!(listen, work);
        assert_eq!(told.len(), 90);
        let mut ids: Vec<_> = told
            .iter()
            .map(|event| (event.stream.clone(), event.version))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 90);
    });
}
