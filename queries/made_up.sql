-- purpose: Whether a snapshot holds anything at all that is made up, one row.
-- columns:
--   has_demonstration BOOLEAN  a demonstration figure, of whatever period
--   has_sample        BOOLEAN  a sample line of the block's or the club's
-- reads: activity, adoption, award, document, figure, model, model_criterion, practice, target, topic, topic_position
select
    exists(
        select 1 from figure
        where figure.status = 'demonstration'
    ) as has_demonstration,
    exists(
        select 1
        from (
            select target.is_sample from target
            union all
            select award.is_sample from award
            union all
            select activity.is_sample from activity
            union all
            select document.is_sample from document
            union all
            select model.is_sample from model
            union all
            select model_criterion.is_sample from model_criterion
            union all
            select adoption.is_sample from adoption
            union all
            select practice.is_sample from practice
            union all
            select topic.is_sample from topic
            union all
            select topic_position.is_sample from topic_position
        ) as line
        where line.is_sample
    ) as has_sample
